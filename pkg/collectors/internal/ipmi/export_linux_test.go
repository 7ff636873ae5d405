package ipmi

import "unsafe"

// ABI is what the tests pin of the kernel's structures.
type ABI struct {
	Req, ReqSetTime, Recv, Addr     uintptr
	RecvMsgID, RecvMsg, ReqMsgID    uintptr
	MsgData                         uintptr
	ReceiveTrunc, Send, SendSetTime uint32
}

// KernelABI returns this build's layout.
func KernelABI() ABI {
	return ABI{
		Req:          unsafe.Sizeof(ipmiReq{}),
		ReqSetTime:   unsafe.Sizeof(ipmiReqSetTime{}),
		Recv:         unsafe.Sizeof(ipmiRecv{}),
		Addr:         unsafe.Sizeof(ipmiAddr{}),
		RecvMsgID:    unsafe.Offsetof(ipmiRecv{}.msgID),
		RecvMsg:      unsafe.Offsetof(ipmiRecv{}.msg),
		ReqMsgID:     unsafe.Offsetof(ipmiReq{}.msgID),
		MsgData:      unsafe.Offsetof(ipmiMsg{}.data),
		ReceiveTrunc: ioctlReceiveTrunc(),
		Send:         ioctlSend(),
		SendSetTime:  ioctlSendSetTime(),
	}
}
