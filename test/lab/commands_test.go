package lab_test

import (
	"encoding/binary"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"example.com/bee/test/lab/witness"
)

// readOnly returns nil for a command that changes nothing in the device, and
// what it is for any other. It is written from the standards, and knows nothing
// of the project's own lists: what it does not name is refused.
func readOnly(c witness.Command) error {
	switch c.Event {
	case "nvme_setup_cmd":
		return readOnlyNVMe(c)
	case "scsi_dispatch_cmd_start":
		return readOnlyCDB(c.Raw)
	case "megasas":
		return readOnlyMegaRAID(c)
	}
	return fmt.Errorf("%s %s", c.Event, c.Text)
}

// readOnlyNVMe takes the three admin commands that read (NVM Express Base 2.0,
// figure 138): Identify; Get Log Page, with the bit that keeps asynchronous
// events where the page has one (figure 202); Get Features.
func readOnlyNVMe(c witness.Command) error {
	_, fields, _ := strings.Cut(c.Text, "cmd=(")
	word, fields, _ := strings.Cut(strings.TrimSuffix(fields, ")"), " ")
	if !strings.Contains(c.Text, "qid=0,") {
		return fmt.Errorf("%s: not on the admin queue", c.Text)
	}
	switch word {
	case "nvme_admin_identify":
		return nil
	case "nvme_admin_get_features":
		return nil
	case "nvme_admin_get_log_page":
		dword10 := regexp.MustCompile(`cdw10=([0-9a-f]{2}) ([0-9a-f]{2}) `).FindStringSubmatch(fields)
		if dword10 == nil {
			return fmt.Errorf("%s: no dword 10", c.Text)
		}
		const retain = 0x80 // RAE, bit 15
		flags, err := strconv.ParseUint(dword10[2], 16, 8)
		switch page := dword10[1]; {
		case err != nil:
			return err
		case flags&^retain != 0:
			return fmt.Errorf("log page %sh with a specific field", page)
		case page == "01", page == "02", page == "03", page == "09", page == "81": // errors, SMART, firmware slots, endurance, sanitize (figure 147)
			if flags&retain == 0 {
				return fmt.Errorf("log page %sh would clear an event", page)
			}
			return nil
		case page == "00", page == "05", page == "06": // supported pages, effects, self-tests
			return nil
		default:
			return fmt.Errorf("log page %sh", page)
		}
	}
	return fmt.Errorf("NVMe command %s", word)
}

// readOnlyCDB takes SPC-5's and SBC-4's commands that read, and what SAT-4 puts
// an ATA command into.
func readOnlyCDB(cdb []byte) error {
	if len(cdb) < 6 {
		return fmt.Errorf("CDB % x", cdb)
	}
	only := func(at int, mask byte) error {
		if cdb[at]&^mask != 0 {
			return fmt.Errorf("CDB % x: byte %d", cdb, at)
		}
		return nil
	}
	switch cdb[0] {
	case 0x00: // TEST UNIT READY
		return nil
	case 0x03: // REQUEST SENSE; DESC
		return only(1, 0x01)
	case 0x12: // INQUIRY; EVPD
		return only(1, 0x01)
	case 0x1A: // MODE SENSE (6); DBD
		return only(1, 0x08)
	case 0x5A: // MODE SENSE (10); DBD, LLBAA
		return only(1, 0x18)
	case 0x25: // READ CAPACITY (10)
		return nil
	case 0x37, 0xB7: // READ DEFECT DATA
		return nil
	case 0xA0: // REPORT LUNS
		return nil
	case 0x4D: // LOG SENSE: SP would save the counters
		return only(1, 0)
	case 0x1C: // RECEIVE DIAGNOSTIC RESULTS: with a page of SES-4 that is read
		if cdb[1] != 1 || cdb[2] > 0x0A {
			return fmt.Errorf("RECEIVE DIAGNOSTIC % x", cdb)
		}
		return nil
	case 0x9E: // SERVICE ACTION IN (16): READ CAPACITY (16)
		if cdb[1]&0x1F != 0x10 {
			return fmt.Errorf("SERVICE ACTION IN %02xh", cdb[1]&0x1F)
		}
		return nil
	case 0x85: // ATA PASS-THROUGH (16)
		if len(cdb) < 16 {
			return fmt.Errorf("CDB % x", cdb)
		}
		return readOnlyATA(cdb[1]>>1&0xF, cdb[2], binary.BigEndian.Uint16(cdb[3:]), cdb[8], cdb[10], cdb[12], cdb[14])
	case 0xA1: // ATA PASS-THROUGH (12); BLANK to an optical drive
		if len(cdb) < 12 {
			return fmt.Errorf("CDB % x", cdb)
		}
		return readOnlyATA(cdb[1]>>1&0xF, cdb[2], uint16(cdb[3]), cdb[5], cdb[6], cdb[7], cdb[9])
	}
	return fmt.Errorf("operation code %02xh", cdb[0])
}

// readOnlyATA takes ACS-4's commands that read. A reset is a protocol of its
// own in SAT-4 (table 167); data goes one way, from the device.
func readOnlyATA(protocol, flags byte, features uint16, lbaLow, lbaMid, lbaHigh, command byte) error {
	const nonData, pioIn, dma = 3, 4, 6
	const length, fromDevice = 0x03, 0x08
	switch {
	case protocol == nonData && flags&length != 0, protocol != nonData && flags&fromDevice == 0:
		return fmt.Errorf("ATA command %02xh: transfer flags %02xh", command, flags)
	case protocol != nonData && protocol != pioIn && protocol != dma:
		return fmt.Errorf("ATA command %02xh by protocol %d", command, protocol)
	}
	readable := func(log byte) error {
		switch log {
		case 0x00, 0x01, 0x02, 0x03, 0x04, 0x06, 0x07, 0x08, 0x0C, 0x11, 0x13, 0x30:
			return nil // directory, errors, statistics, self-tests, phy counters, identity
		}
		return fmt.Errorf("ATA command %02xh: log %02xh", command, log)
	}
	switch command {
	case 0xE5, 0xEC, 0xA1: // CHECK POWER MODE, IDENTIFY DEVICE, IDENTIFY PACKET DEVICE
		return nil
	case 0x2F, 0x47: // READ LOG EXT, READ LOG DMA EXT: features may reset counters
		if features != 0 {
			return fmt.Errorf("ATA command %02xh: features %04xh", command, features)
		}
		return readable(lbaLow)
	case 0xB0: // SMART
		if lbaMid != 0x4F || lbaHigh != 0xC2 {
			return fmt.Errorf("SMART without its key: %02xh %02xh", lbaMid, lbaHigh)
		}
		switch features {
		case 0xD0, 0xD1, 0xDA: // READ DATA, READ THRESHOLDS, RETURN STATUS
			return nil
		case 0xD5: // READ LOG
			return readable(lbaLow)
		}
		return fmt.Errorf("SMART subcommand %02xh", features)
	}
	return fmt.Errorf("ATA command %02xh", command)
}

// readOnlyMegaRAID takes the frames that read (megaraid_sas.h: MFI_CMD_DCMD
// with MR_DCMD_*_GET_*, _READ and _LIST codes), and a CDB for a drive.
func readOnlyMegaRAID(c witness.Command) error {
	switch c.Name {
	case "0x4": // MFI_CMD_PD_SCSI_IO
		return readOnlyCDB(c.Raw)
	case "0x5": // MFI_CMD_DCMD
		switch opcode := regexp.MustCompile(`dcmd=0x([0-9a-f]+)`).FindString(c.Text); opcode {
		case "dcmd=0x1010000", // controller, get info
			"dcmd=0x2010000", "dcmd=0x2010100", "dcmd=0x2020000", // drives: list, query, get info
			"dcmd=0x3010000", "dcmd=0x3010100", "dcmd=0x3020000", "dcmd=0x3030000", // volumes: list, query, get info, get properties
			"dcmd=0x4010000",                                                       // configuration, read
			"dcmd=0x5010000", "dcmd=0x5020000", "dcmd=0x5030000", "dcmd=0x5050100": // battery: status, capacity, design, properties
			return nil
		default:
			return fmt.Errorf("direct command %s", opcode)
		}
	}
	return fmt.Errorf("frame %s", c.Name)
}

// readOnlyCommands looks at every command the kernel handed on while the audit
// ran, whoever sent it, for one that is not on the list. events must all occur.
func readOnlyCommands(t *testing.T, trace string, events ...string) {
	t.Helper()
	sent, seen := map[string]int{}, map[string]bool{}
	for _, c := range witness.ParseTrace(trace) {
		seen[c.Event] = true
		what := c.Event + " " + c.Name
		if err := readOnly(c); err != nil {
			t.Errorf("%s sent: %v", c.Process, err)
			what += " (refused)"
		}
		switch {
		case len(c.Raw) == 16 && c.Raw[0] == 0x85:
			what += fmt.Sprintf(" %02x/%02x", c.Raw[14], c.Raw[4])
		case c.Event == "megasas" && c.Name == "0x4":
			what += fmt.Sprintf(" %02x", c.Raw[0])
		case c.Event == "megasas":
			what += regexp.MustCompile(` dcmd=0x[0-9a-f]+`).FindString(c.Text)
		}
		sent[what]++
	}
	for _, e := range events {
		if !seen[e] {
			t.Errorf("the trace shows no %s", e)
		}
	}
	for what, n := range sent {
		t.Logf("%6d %s", n, what)
	}
	// What the reader of the trace leaves out must be no command.
	for line := range strings.Lines(trace) {
		if strings.Contains(line, "audit-") && len(witness.ParseTrace(line)) == 0 {
			t.Errorf("line of no known form: %s", line)
		}
	}
}

// TestReadOnlyList tries the list itself: each command that writes, starts
// something or clears a counter is refused.
func TestReadOnlyList(t *testing.T) {
	t.Parallel()
	const head = "           audit-254     [000] .....    19.285094: "
	nvme := func(cmd string) string {
		return head + "nvme_setup_cmd: nvme0: qid=0, cmdid=20483, nsid=1, flags=0x0, meta=0x0, cmd=(" + cmd + ")"
	}
	scsi := func(cdb string) string {
		return head + "scsi_dispatch_cmd_start: host_no=0 channel=0 id=0 lun=0 data_sgl=1 prot_sgl=0 prot_op=SCSI_PROT_NORMAL driver_tag=1 scheduler_tag=2 cmnd=(WORD - raw=" + cdb + ")"
	}
	megasas := func(rest string) string {
		return head + "megasas: (megasas_mgmt_fw_ioctl+0x0/0x6e0 [megaraid_sas]) " + rest
	}
	for line, allowed := range map[string]bool{
		nvme("nvme_admin_identify cns=1, ctrlid=0"):                                                           true,
		nvme("nvme_admin_get_log_page cdw10=02 80 7f 00 00 00 00 00"):                                         true,
		nvme("nvme_admin_get_log_page cdw10=06 00 7f 00 00 00 00 00"):                                         true,
		nvme("nvme_admin_get_log_page cdw10=02 00 7f 00 00 00 00 00"):                                         false, // clears the event
		nvme("nvme_admin_get_log_page cdw10=07 00 7f 00 00 00 00 00"):                                         false, // telemetry
		nvme("nvme_admin_set_features fid=0x6, sv=0x0, cdw11=0x1"):                                            false,
		nvme("nvme_admin_format_nvm lbaf=0, mset=0x0, pi=0, pil=0, ses=0"):                                    false,
		strings.Replace(nvme("nvme_cmd_read slba=0, len=7, ctrl=0x0, dsmgmt=0, reftag=0"), "id=0", "id=1", 1): false,
		scsi("12 01 80 00 fc 00"):                                                                             true,
		scsi("4d 00 6f 00 00 00 00 04 00 00"):                                                                 true,
		scsi("4d 01 6f 00 00 00 00 04 00 00"):                                                                 false, // saves the counters
		scsi("4c 00 00 00 00 00 00 00 00 00"):                                                                 false, // LOG SELECT
		scsi("04 00 00 00 00 00"):                                                                             false, // FORMAT UNIT
		scsi("1b 00 00 00 01 00"):                                                                             false, // START STOP UNIT
		scsi("28 00 00 00 00 00 00 00 01 00"):                                                                 false, // READ (10)
		scsi("9e 10 00 00 00 00 00 00 00 00 00 00 00 20 00 00"):                                               true,
		scsi("9e 12 00 00 00 00 00 00 00 00 00 00 00 20 00 00"):                                               false,
		scsi("85 06 20 00 da 00 00 00 00 00 4f 00 c2 00 b0 00"):                                               true,  // RETURN STATUS
		scsi("85 08 0e 00 d0 00 01 00 00 00 4f 00 c2 00 b0 00"):                                               true,  // READ DATA
		scsi("85 06 20 00 d4 00 00 00 01 00 4f 00 c2 00 b0 00"):                                               false, // EXECUTE OFF-LINE IMMEDIATE
		scsi("85 06 20 00 d9 00 00 00 00 00 4f 00 c2 00 b0 00"):                                               false, // DISABLE OPERATIONS
		scsi("85 0a 06 00 d6 00 01 00 e0 00 4f 00 c2 00 b0 00"):                                               false, // WRITE LOG
		scsi("85 09 0e 00 00 00 01 00 04 00 00 00 00 00 2f 00"):                                               true,  // device statistics
		scsi("85 09 0e 00 01 00 01 00 04 00 00 00 00 00 2f 00"):                                               false, // with features
		scsi("85 09 0e 00 00 00 01 00 10 00 00 00 00 00 2f 00"):                                               false, // NCQ error log
		scsi("85 06 20 00 00 00 00 00 00 00 00 00 00 00 e0 00"):                                               false, // STANDBY IMMEDIATE
		scsi("85 06 20 00 10 00 00 00 00 00 00 00 00 00 ef 00"):                                               false, // SET FEATURES
		scsi("85 00 20 00 00 00 00 00 00 00 00 00 00 00 e5 00"):                                               false, // hard reset
		scsi("85 0a 06 00 00 00 01 00 00 00 00 00 00 00 ec 00"):                                               false, // to the device
		scsi("a1 08 0e 00 01 00 00 00 00 ec 00 00"):                                                           true,
		scsi("a1 06 20 00 00 00 00 00 00 e0 00 00"):                                                           false,
		megasas("cmd=0x5 dcmd=0x1010000 cdb={0x0,0x0}"):                                                       true,
		megasas("cmd=0x5 dcmd=0x2010000 cdb={0x0,0x0}"):                                                       true,
		megasas("cmd=0x5 dcmd=0x1050000 cdb={0x0,0x0}"):                                                       false, // shutdown
		megasas("cmd=0x5 dcmd=0x4020000 cdb={0x0,0x0}"):                                                       false, // configuration, add
		megasas("cmd=0x5 dcmd=0x10100001 cdb={0x0,0x0}"):                                                      false,
		megasas("cmd=0x4 dcmd=0x0 cdb={0x12,0x0,0x0,0x0,0x60,0x0,0x0,0x0,0x0,0x0,0x0,0x0,0x0,0x0,0x0,0x0}"):   true,
		megasas("cmd=0x4 dcmd=0x0 cdb={0x4,0x0,0x0,0x0,0x60,0x0,0x0,0x0,0x0,0x0,0x0,0x0,0x0,0x0,0x0,0x0}"):    false,
		megasas("cmd=0x1 dcmd=0x0 cdb={0x0,0x0,0x0,0x0,0x0,0x0}"):                                             false, // read of a volume
		head + "mpt3: (_ctl_ioctl_main+0x0/0xd0 [mpt3sas]) cmd=0xc0484c14":                                    false,
	} {
		all := witness.ParseTrace(line)
		if len(all) != 1 {
			t.Fatalf("%d commands in %s", len(all), line)
		}
		if err := readOnly(all[0]); (err == nil) != allowed {
			t.Errorf("%s: %v", line, err)
		}
	}
}
