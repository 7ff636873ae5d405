package ipmi

import (
	"time"
	"unsafe"

	"example.com/bee/pkg/collectors/internal/device"
)

// A Message is what a scripted port receives.
type Message struct {
	Event      bool
	Late       int // answers the request sent this many before the last
	NetFn, Cmd uint8
	Data       []byte
	Cut        bool
	Err        error
	After      time.Duration
}

// A ScriptedPort stands in for the kernel: for every message sent it is asked
// what comes in.
type ScriptedPort struct {
	OnSend func(c Command) []Message
	Sent   []Command
	Closed bool

	queue []queued
	id    int
}

type queued struct {
	m  Message
	at time.Time
	id int
}

func (p *ScriptedPort) send(id int, c Command, _ time.Duration) error {
	p.Sent = append(p.Sent, c)
	p.id = id
	for _, m := range p.OnSend(c) {
		p.queue = append(p.queue, queued{m, time.Now().Add(m.After), id - m.Late})
	}
	return nil
}

func (p *ScriptedPort) poll(timeout time.Duration) (bool, error) {
	if len(p.queue) > 0 {
		left := time.Until(p.queue[0].at)
		if left <= timeout {
			time.Sleep(max(left, 0))
			return true, nil
		}
	}
	time.Sleep(timeout)
	return false, nil
}

func (p *ScriptedPort) receive() (message, error) {
	if len(p.queue) == 0 || time.Until(p.queue[0].at) > 0 {
		return message{}, errNothing
	}
	q := p.queue[0]
	p.queue = p.queue[1:]
	err := q.m.Err
	if q.m.Cut {
		err = errCut
	}
	return message{response: !q.m.Event, id: q.id, netFn: q.m.NetFn, cmd: q.m.Cmd, data: q.m.Data}, err
}

func (p *ScriptedPort) close() error {
	p.Closed = true
	return nil
}

// NewLink is the transport on a scripted port.
func NewLink(p *ScriptedPort) device.Device { return newLink(p, "scripted") }

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
