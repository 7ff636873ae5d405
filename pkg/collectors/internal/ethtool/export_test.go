package ethtool

// ModeName is for the test of the table.
func ModeName(i int) (string, bool) { return modeName(i) }

// DecodeAnswer runs the netlink decoders that only the transport uses.
func DecodeAnswer(b []byte) {
	attributes, _, _, _ := decodeGeneric(b, 21, 1)
	_, _ = decodeFamily(attributes)
}
