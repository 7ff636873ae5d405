package network_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"maps"
	"path"
	"strings"
	"testing"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/host/hosttest"
	"example.com/bee/pkg/collectors/internal/device/fakedev"
	"example.com/bee/test/lab/sffgen"
)

const devices = "/sys/devices"

// machine is a server: an adapter of two ports in a bond, one with a module;
// an onboard port; a card with virtual functions; an InfiniBand port without
// an interface; the BMC's network; and interfaces that are not physical.
func machine(tb testing.TB) *hosttest.Source {
	tb.Helper()
	s := &hosttest.Source{Files: map[string]string{}, Links: map[string]string{}, Devices: map[string]host.Device{}}
	x710 := "pci0000:3a/0000:3a:00.0/0000:3b:00."
	for i := range 2 {
		n := fmt.Sprintf("eth%d", i)
		dir := add(s, n, fmt.Sprintf("%s%d", x710, i), "i40e", map[string]string{
			"address": "02:00:00:00:00:b0\n", "addr_assign_type": "3\n", "carrier": "1\n", "speed": "10000\n", "duplex": "full\n",
			"phys_port_name": fmt.Sprintf("p%d\n", i), "phys_port_id": "3cfdfe000001\n", "carrier_changes": "3\n",
			"bonding_slave/state": "active\n", "bonding_slave/mii_status": "up\n", "bonding_slave/link_failure_count": "1\n",
			"bonding_slave/ad_aggregator_id": "1\n", "bonding_slave/perm_hwaddr": fmt.Sprintf("02:00:00:00:01:0%d\n", i),
			"device/numa_node": "1\n",
		})
		s.Links[dir+"/master"] = "../../../../../virtual/net/bond0"
		s.Files[dir+"/statistics/rx_packets"], s.Files[dir+"/statistics/rx_crc_errors"] = "18446744073709551615\n", "7\n"
	}
	s.Devices["ethtool /sys/class/net/eth0"] = nic{firmware: "9.20 0x8000d8c5", permanent: []byte{2, 0, 0, 0, 1, 0}, module: sffgen.Example("sfp")}.device(tb)
	s.Devices["ethtool /sys/class/net/eth1"] = nic{firmware: "N/A", permanent: []byte{2, 0, 0, 0, 1, 1}, module: sffgen.Example("qsfp")}.device(tb)

	onboard := add(s, "eno1", "pci0000:00/0000:00:1f.6", "e1000e", map[string]string{"address": "02:00:00:00:02:00\n", "flags": "0x1002\n", "operstate": "down\n", "device/numa_node": "-1\n"})
	s.Errors = map[string]error{onboard + "/speed": errInvalid, onboard + "/carrier": errInvalid, onboard + "/duplex": errInvalid}

	sriov := add(s, "ens3", "pci0000:5d/0000:5d:00.0/0000:5e:00.0", "mlx5_core", map[string]string{
		"address": "02:00:00:00:03:00\n", "device/sriov_numvfs": "1\n", "device/sriov_totalvfs": "8\n", "dev_port": "0\n", "carrier": "0\n", "speed": "-1\n", "phys_port_name": "p0\n",
	})
	rdma := path.Dir(path.Dir(sriov)) + "/infiniband/mlx5_0"
	s.Links["/sys/class/infiniband/mlx5_0"] = "../.." + strings.TrimPrefix(rdma, "/sys")
	rdmaFiles(s, rdma, "Ethernet", "4: ACTIVE", "100 Gb/sec (4X EDR)")
	s.Files[rdma+"/ports/1/gid_attrs/ndevs/0"] = "ens3\n"
	vf := add(s, "ens3v0", "pci0000:5d/0000:5d:00.0/0000:5e:00.1", "mlx5_core", nil)
	s.Links[path.Dir(path.Dir(vf))+"/physfn"] = "../0000:5e:00.0"
	add(s, "ens3_0", "pci0000:5d/0000:5d:00.0/0000:5e:00.0", "mlx5_core", map[string]string{"phys_port_name": "pf0vf0\n"})

	ib := devices + "/pci0000:80/0000:80:02.0/0000:82:00.0/infiniband/mlx4_0"
	s.Links["/sys/class/infiniband/mlx4_0"] = "../.." + strings.TrimPrefix(ib, "/sys")
	rdmaFiles(s, ib, "InfiniBand", "2: INIT", "40 Gb/sec (4X QDR)")
	s.Links["/sys/class/infiniband/rxe0"] = "../../devices/virtual/infiniband/rxe0"

	bmc := add(s, "usb0", "pci0000:00/0000:00:14.0/usb1/1-3/1-3:1.0", "cdc_ether", map[string]string{"address": "02:00:00:00:04:00\n"})
	usb := path.Dir(path.Dir(path.Dir(bmc)))
	s.Files[usb+"/idVendor"], s.Files[usb+"/idProduct"], s.Files[usb+"/product"] = "046b\n", "ffb0\n", "Virtual Ethernet.\n"

	for _, n := range []string{"lo", "bond0", "docker0", "veth12", "vlan7"} {
		s.Links["/sys/class/net/"+n] = "../../devices/virtual/net/" + n
		s.Files["/sys/devices/virtual/net/"+n+"/type"] = "1\n"
	}
	s.Files["/sys/devices/virtual/net/bond0/bonding/mode"] = "802.3ad 4\n"
	s.Files["/sys/class/net/bonding_masters"] = "bond0\n"
	return s
}

// add makes an interface; names that begin with "device/" are attributes of
// its device.
func add(s *hosttest.Source, name, at, driver string, attrs map[string]string) string {
	parent := path.Join(devices, at)
	dir := parent + "/net/" + name
	s.Links["/sys/class/net/"+name] = "../../" + strings.TrimPrefix(dir, "/sys/")
	s.Links[dir+"/device"] = "../.."
	s.Links[parent+"/driver"] = "../../../../bus/pci/drivers/" + driver
	all := map[string]string{"type": "1\n", "mtu": "1500\n", "flags": "0x1003\n", "operstate": "up\n", "ifindex": "2\n", "addr_assign_type": "0\n"}
	maps.Copy(all, attrs)
	for k, v := range all {
		if rest, ok := strings.CutPrefix(k, "device/"); ok {
			s.Files[path.Join(parent, rest)] = v
		} else {
			s.Files[path.Join(dir, k)] = v
		}
	}
	return dir
}

func rdmaFiles(s *hosttest.Source, dir, layer, state, rate string) {
	for k, v := range map[string]string{
		"node_guid": "0002:c903:0011:2230", "sys_image_guid": "0002:c903:0011:2233", "fw_ver": "2.42.5000", "board_id": "MT_1090120019", "hca_type": "MT4099", "hw_rev": "1",
		"ports/1/state": state, "ports/1/phys_state": "5: LinkUp", "ports/1/rate": rate, "ports/1/link_layer": layer, "ports/1/lid": "0x5", "ports/1/sm_lid": "0x0",
		"ports/1/gids/0": "fe80:0000:0000:0000:0002:c903:0011:2231", "ports/1/counters/symbol_error": "12", "ports/1/counters/link_downed": "N/A (no PMA)",
		"ports/1/counters/port_xmit_data": "99999",
	} {
		s.Files[path.Join(dir, k)] = v + "\n"
	}
}

// nic answers as the kernel does for one interface.
type nic struct {
	firmware  string
	permanent []byte
	module    []byte // nil: no cage
	errno     uint32 // of every command
}

// lasting is a device that several runs open one after the other.
type lasting struct{ host.Device }

func (lasting) Close() error { return nil }

func (n nic) device(tb testing.TB) host.Device {
	tb.Helper()
	return lasting{fakedev.NewFunc(tb, host.Ethtool, func(_ context.Context, req host.Request) (host.Response, error) {
		data, errno := n.answer(req)
		if n.errno != 0 {
			data, errno = nil, n.errno
		}
		return host.Response{Status: le32(errno), Data: data}, nil
	})}
}

func le32(v uint32) []byte { return binary.LittleEndian.AppendUint32(nil, v) }

func (n nic) answer(req host.Request) (data []byte, errno uint32) {
	const notSupported, invalid = 95, 22
	code := binary.LittleEndian.Uint32(req.Command[1:])
	if req.Command[0] == 2 { // ioctl
		b := make([]byte, req.ReadLen)
		switch code {
		case 0x03:
			copy(b[4:], "i40e")
			copy(b[68:], n.firmware)
			return b, 0
		case 0x20:
			binary.LittleEndian.PutUint32(b[4:], uint32(copy(b[8:], n.permanent)))
			return b, 0
		}
		return nil, notSupported
	}
	switch code {
	case 2:
		return attr(2, 3), 0
	case 4:
		set := attr(3, join(bit("10000baseSR/Full", true), bit("25000baseSR/Full", true), bit("FIBRE", true))...)
		return join(attr(2, 0), attr(3, set...), attr(5, le32(10000)...), attr(6, 1)), 0
	case 6:
		return attr(2, 1), 0
	case 29:
		return join(attr(3, 0), attr(4, le32(50)...)), 0
	case 31:
		if n.module == nil {
			return nil, notSupported
		}
		return n.memory(req.Data)
	}
	return nil, invalid
}

// memory answers from a memory of package sffgen.
func (n nic) memory(request []byte) (data []byte, errno uint32) {
	const invalid = 22
	offset, length := int(request[4]), int(request[12])
	page, address := int(request[20]), request[36]
	at := offset + 128*page
	if address == 0x51 {
		if len(n.module) != 512 {
			return nil, invalid
		}
		at = 256 + offset
	}
	return attr(7, n.module[at:at+length]...), 0
}

func attr(kind uint16, value ...byte) []byte {
	b := binary.LittleEndian.AppendUint16(nil, uint16(4+len(value)))
	b = binary.LittleEndian.AppendUint16(b, kind)
	b = append(b, value...)
	return append(b, make([]byte, -len(b)&3)...)
}

func join(parts ...[]byte) []byte {
	var b []byte
	for _, p := range parts {
		b = append(b, p...)
	}
	return b
}

// bit is one member of a verbose bit set.
func bit(name string, set bool) []byte {
	fields := attr(2, append([]byte(name), 0)...)
	if set {
		fields = append(fields, attr(3)...)
	}
	return attr(1, fields...)
}
