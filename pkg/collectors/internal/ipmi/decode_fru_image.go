package ipmi

// A fruImage is the part of a FRU device that was read so far. It knows what
// must be read next, so that an 8 KB device with 300 bytes of inventory costs
// 300 bytes.
type fruImage struct {
	data []byte
	have []bool
}

func newFRUImage(size int) *fruImage {
	return &fruImage{data: make([]byte, size), have: make([]bool, size)}
}

func (m *fruImage) store(offset int, b []byte) {
	n := copy(m.data[offset:], b)
	for i := range n {
		m.have[offset+i] = true
	}
}

// missing returns the first part of a range that was not read yet. What lies
// behind the end of the device is not missing: nobody can read it.
func (m *fruImage) missing(offset, n int) (from, count int, ok bool) {
	end := min(offset+n, len(m.data))
	for from = offset; from < end; from++ {
		if !m.have[from] {
			break
		}
	}
	for to := from; to < end; to++ {
		if m.have[to] {
			return from, to - from, true
		}
	}
	return from, end - from, from < end
}

// next returns what must be read next to decode the FRU; ok is false when
// everything needed is there.
func (m *fruImage) next() (offset, n int, ok bool) {
	if offset, n, ok = m.missing(0, fruHeaderLen); ok {
		return offset, n, ok
	}
	h, err := decodeFRUHeader(m.data)
	if err != nil {
		return 0, 0, false
	}
	for _, at := range []int{h.chassis, h.board, h.product} {
		if at == 0 {
			continue
		}
		if offset, n, ok = m.nextInfo(at); ok {
			return offset, n, ok
		}
	}
	if h.multi != 0 {
		return m.nextMulti(h.multi)
	}
	return 0, 0, false
}

func (m *fruImage) nextInfo(at int) (offset, n int, ok bool) {
	const lengthAt = 1
	if offset, n, ok = m.missing(at, lengthAt+1); ok || at+lengthAt >= len(m.data) {
		return offset, n, ok
	}
	return m.missing(at, int(m.data[at+lengthAt])*fruUnit)
}

func (m *fruImage) nextMulti(at int) (offset, n int, ok bool) {
	for range maxMultiRecords {
		if offset, n, ok = m.missing(at, multiHeaderLen); ok || at+multiHeaderLen > len(m.data) {
			return offset, n, ok
		}
		h := m.data[at : at+multiHeaderLen]
		if sum8(h) != 0 || h[1]&0x0F != 2 {
			return 0, 0, false
		}
		end := at + multiHeaderLen + int(h[2])
		if offset, n, ok = m.missing(at, end-at); ok || h[1]&0x80 != 0 {
			return offset, n, ok
		}
		at = end
	}
	return 0, 0, false
}

// unread names the areas that lack bytes.
func (m *fruImage) unread() []FRUArea {
	if _, _, ok := m.missing(0, fruHeaderLen); ok {
		return nil
	}
	h, err := decodeFRUHeader(m.data)
	if err != nil {
		return nil
	}
	var areas []FRUArea
	for _, a := range []struct {
		area FRUArea
		at   int
		next func(int) (int, int, bool)
	}{
		{AreaChassis, h.chassis, m.nextInfo},
		{AreaBoard, h.board, m.nextInfo},
		{AreaProduct, h.product, m.nextInfo},
		{AreaMulti, h.multi, m.nextMulti},
	} {
		if a.at == 0 {
			continue
		}
		if _, _, ok := a.next(a.at); ok {
			areas = append(areas, a.area)
		}
	}
	return areas
}
