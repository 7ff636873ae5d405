package ipmi

import (
	"math"
	"strconv"
)

// Analog turns a sensor's raw value into a number (IPMI section 36.3):
//
//	y = L[(M*x + B*10^BExp) * 10^RExp]
type Analog struct {
	Format        AnalogFormat
	Linearization uint8 // 0 to 0Bh; 70h to 7Fh: factors must be asked for each value
	M, B          int16
	BExp, RExp    int8
	Unit          Unit

	HasNominal   bool
	HasNormalMax bool
	HasNormalMin bool
	NominalRaw   uint8
	NormalMaxRaw uint8
	NormalMinRaw uint8
	MaxRaw       uint8
	MinRaw       uint8
}

// AnalogFormat says how a raw value is signed.
type AnalogFormat uint8

// The values of AnalogFormat.
const (
	AnalogUnsigned AnalogFormat = 0
	AnalogOnes     AnalogFormat = 1 // 1's complement
	AnalogTwos     AnalogFormat = 2 // 2's complement
	AnalogNone     AnalogFormat = 3 // the sensor gives no number
)

// Factors are the conversion factors of one raw value, from Get Sensor
// Reading Factors (IPMI section 35.5).
type Factors struct {
	M, B       int16
	BExp, RExp int8
}

const linearizationMask = 0x7F

func decodeAnalog(b []byte) Analog {
	f := decodeFactorBytes(b[24:30])
	return Analog{
		Format:        AnalogFormat(b[20] >> 6),
		Unit:          decodeUnit(b),
		Linearization: b[23] & linearizationMask,
		M:             f.M, B: f.B, BExp: f.BExp, RExp: f.RExp,
		HasNominal: b[30]&1 != 0, HasNormalMax: b[30]&2 != 0, HasNormalMin: b[30]&4 != 0,
		NominalRaw: b[31], NormalMaxRaw: b[32], NormalMinRaw: b[33], MaxRaw: b[34], MinRaw: b[35],
	}
}

// decodeFactorBytes decodes M, tolerance, B, accuracy and the exponents, six
// bytes in this order in records and answers alike.
func decodeFactorBytes(b []byte) Factors {
	return Factors{
		M:    int16(signed(uint16(b[0])|uint16(b[1]&0xC0)<<2, 10)),
		B:    int16(signed(uint16(b[2])|uint16(b[3]&0xC0)<<2, 10)),
		RExp: int8(signed(uint16(b[5]>>4), 4)),
		BExp: int8(signed(uint16(b[5]&0xF), 4)),
	}
}

func signed(v uint16, bits uint) int {
	if v>>(bits-1)&1 != 0 {
		return int(v) - 1<<bits
	}
	return int(v)
}

// NonLinear says whether the factors of each value must be asked for.
func (a *Analog) NonLinear() bool { return a.Linearization >= 0x70 }

// WithFactors returns the conversion with another value's factors.
func (a *Analog) WithFactors(f Factors) Analog {
	c := *a
	c.M, c.B, c.BExp, c.RExp = f.M, f.B, f.BExp, f.RExp
	c.Linearization = 0
	return c
}

// Convert turns a raw value into a number. ok is false when the sensor gives
// none: no analog format, a linearization that is not known (or needs
// WithFactors first), or a result that is no finite number.
func (a *Analog) Convert(raw uint8) (y float64, ok bool) {
	var x float64
	switch a.Format {
	case AnalogUnsigned:
		x = float64(raw)
	case AnalogOnes:
		v := int8(raw)
		if v < 0 {
			v++
		}
		x = float64(v)
	case AnalogTwos:
		x = float64(int8(raw))
	default:
		return 0, false
	}
	y = (float64(a.M)*x + float64(a.B)*math.Pow10(int(a.BExp))) * math.Pow10(int(a.RExp))
	y, ok = linearize(a.Linearization, y)
	if !ok || math.IsNaN(y) || math.IsInf(y, 0) {
		return 0, false
	}
	return nineDigits(y), true
}

// Difference turns a raw hysteresis or tolerance into a number: an offset has
// no part in it. ok is false for everything that is not linear.
func (a *Analog) Difference(raw uint8) (y float64, ok bool) {
	if a.Format == AnalogNone || a.Linearization != 0 {
		return 0, false
	}
	return nineDigits(math.Abs(float64(a.M)) * float64(raw) * math.Pow10(int(a.RExp))), true
}

// linearize applies the function of IPMI table 43-1 byte 24.
func linearize(kind uint8, x float64) (y float64, ok bool) {
	switch kind {
	case 0x0:
		return x, true
	case 0x1:
		return math.Log(x), true
	case 0x2:
		return math.Log10(x), true
	case 0x3:
		return math.Log2(x), true
	case 0x4:
		return math.Exp(x), true
	case 0x5:
		return math.Pow(10, x), true
	case 0x6:
		return math.Exp2(x), true
	case 0x7:
		return 1 / x, true
	case 0x8:
		return x * x, true
	case 0x9:
		return x * x * x, true
	case 0xA:
		return math.Sqrt(x), true
	case 0xB:
		return math.Cbrt(x), true
	}
	return 0, false
}

// nineDigits takes away what binary fractions add to decimal factors:
// 11.936000000000002 becomes 11.936.
func nineDigits(y float64) float64 {
	const digits = 9
	s, err := strconv.ParseFloat(strconv.FormatFloat(y, 'g', digits, 64), 64)
	if err != nil || s == 0 {
		return 0 // never minus zero
	}
	return s
}
