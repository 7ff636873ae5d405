package nvme

import (
	"encoding/binary"
	"math/bits"
	"strconv"
)

// A Uint128 is a 16-byte counter or capacity.
type Uint128 struct{ Hi, Lo uint64 }

// uint128 reads 16 little-endian bytes.
func uint128(b []byte) Uint128 {
	return Uint128{Hi: binary.LittleEndian.Uint64(b[8:]), Lo: binary.LittleEndian.Uint64(b)}
}

// Uint64 returns the value if it fits.
func (u Uint128) Uint64() (value uint64, ok bool) { return u.Lo, u.Hi == 0 }

// IsZero says whether the value is zero.
func (u Uint128) IsZero() bool { return u.Hi == 0 && u.Lo == 0 }

// Mul returns the product with n, and false when it does not fit 128 bits.
func (u Uint128) Mul(n uint64) (product Uint128, ok bool) {
	carry, lo := bits.Mul64(u.Lo, n)
	over, hi := bits.Mul64(u.Hi, n)
	hi, c := bits.Add64(hi, carry, 0)
	if over != 0 || c != 0 {
		return Uint128{}, false
	}
	return Uint128{Hi: hi, Lo: lo}, true
}

// String returns the value in decimal.
func (u Uint128) String() string {
	if u.Hi == 0 {
		return strconv.FormatUint(u.Lo, 10)
	}
	const chunk = 1e19 // the largest power of ten in 64 bits
	var digits [39]byte
	at := len(digits)
	for {
		var rem uint64
		u.Hi, rem = bits.Div64(0, u.Hi, chunk)
		u.Lo, rem = bits.Div64(rem, u.Lo, chunk)
		last := u.IsZero()
		for i := 0; i < 19 && (!last || rem > 0); i++ {
			at--
			digits[at] = byte('0' + rem%10)
			rem /= 10
		}
		if last {
			return string(digits[at:])
		}
	}
}
