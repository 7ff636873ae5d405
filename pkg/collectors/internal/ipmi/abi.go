package ipmi

import (
	"unsafe"

	"example.com/bee/pkg/collectors/internal/ioctl"
)

// Structures and numbers of include/uapi/linux/ipmi.h. `long` is Go's int on
// every Linux port; the rest has fixed sizes. Sizes are pinned by a test.

const (
	ipmiMagic = 'i'

	addrTypeSystemInterface = 0x0C
	addrTypeIPMB            = 0x01

	recvTypeResponse = 1 // IPMI_RESPONSE_RECV_TYPE
	maxMessage       = 272
)

// ipmiAddr covers struct ipmi_system_interface_addr {type, channel, lun} and
// struct ipmi_ipmb_addr {type, channel, slave_addr, lun}: b[0] is the LUN of
// the one and the slave address of the other. Its length is 8 for both.
type ipmiAddr struct {
	kind    int32
	channel int16
	b       [2]uint8
}

// ipmiAddrSpace is room for any address the kernel writes
// (IPMI_MAX_ADDR_SIZE and the head of struct ipmi_addr).
type ipmiAddrSpace struct {
	ipmiAddr
	rest [32]uint8
}

type ipmiMsg struct {
	netFn   uint8
	cmd     uint8
	dataLen uint16
	data    unsafe.Pointer
}

type ipmiReq struct {
	addr    unsafe.Pointer
	addrLen uint32
	msgID   int
	msg     ipmiMsg
}

type ipmiReqSetTime struct {
	req         ipmiReq
	retries     int32
	retryTimeMS uint32
}

type ipmiRecv struct {
	recvType int32
	addr     unsafe.Pointer
	addrLen  uint32
	msgID    int
	msg      ipmiMsg
}

func ioctlReceiveTrunc() uint32 {
	return ioctl.IOWR(ipmiMagic, 11, unsafe.Sizeof(ipmiRecv{}))
}

func ioctlSend() uint32 {
	return ioctl.IOR(ipmiMagic, 13, unsafe.Sizeof(ipmiReq{}))
}

func ioctlSendSetTime() uint32 {
	return ioctl.IOR(ipmiMagic, 21, unsafe.Sizeof(ipmiReqSetTime{}))
}
