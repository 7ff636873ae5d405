package witness_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"example.com/bee/test/lab/witness"
)

func TestTrace(t *testing.T) {
	t.Parallel()
	got := witness.ParseTrace(`# events: nvme:nvme_setup_cmd
        smartctl-254     [000] .....    19.285094: scsi_dispatch_cmd_start: host_no=0 channel=0 id=0 lun=0 data_sgl=1 prot_sgl=0 prot_op=SCSI_PROT_NORMAL driver_tag=43 scheduler_tag=233 cmnd=(INQUIRY - raw=12 00 00 00 24 00)
    kworker/u4:1-12      [001] d..1.    19.690282: nvme_setup_cmd: nvme0: qid=0, cmdid=20483, nsid=4294967295, flags=0x0, meta=0x0, cmd=(nvme_admin_get_log_page cdw10=02 00 7f 00)
        smartctl-273     [001] .....    20.943164: megasas: (megasas_mgmt_fw_ioctl+0x0/0x6e0 [megaraid_sas]) cmd=0x4 dcmd=0x0 cdb={0x12,0x0,0x24}
        ipmitool-262     [000] .....    20.098988: ipmi: (ipmi_request_settime+0x0/0x120 [ipmi_msghandler]) netfn=0x6 cmd=0x1
nonsense
`)
	want := []witness.Command{
		{Process: "smartctl", PID: 254, Event: "scsi_dispatch_cmd_start", Name: "INQUIRY", Raw: []byte{0x12, 0, 0, 0, 0x24, 0}},
		{Process: "kworker/u4:1", PID: 12, Event: "nvme_setup_cmd", Name: "nvme_admin_get_log_page", Raw: []byte{2, 0, 0x7F, 0}},
		{Process: "smartctl", PID: 273, Event: "megasas", Name: "0x4", Raw: []byte{0x12, 0, 0x24}},
		{Process: "ipmitool", PID: 262, Event: "ipmi", Name: "0x6/0x1"},
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(witness.Command{}, "Text")); diff != "" {
		t.Error(diff)
	}
}
