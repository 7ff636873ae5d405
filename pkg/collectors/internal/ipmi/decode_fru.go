package ipmi

import (
	"errors"
	"fmt"
	"time"

	"example.com/bee/pkg/inventory"
)

// ErrBlankFRU says that a FRU device has storage and nothing was ever written
// into it.
var ErrBlankFRU = errors.New("fru storage was never written")

// A FRU is the inventory of one field replaceable unit. Areas it does not
// have are nil. An area that fails its checksum or runs past the end is not
// decoded; Damaged says so.
type FRU struct {
	Chassis *ChassisArea
	Board   *BoardArea
	Product *ProductArea
	Multi   []MultiRecord
	Damaged []DamagedArea
}

// A DamagedArea is an area that cannot be believed.
type DamagedArea struct {
	Area   FRUArea
	Reason string
}

// A FRUArea names a part of a FRU.
type FRUArea string

// The areas bee reads. The internal use area is the maker's own and skipped.
const (
	AreaChassis FRUArea = "chassis"
	AreaBoard   FRUArea = "board"
	AreaProduct FRUArea = "product"
	AreaMulti   FRUArea = "multirecord"
)

// ChassisArea is the chassis info area (FRU section 10).
type ChassisArea struct {
	Type         uint8 // SMBIOS chassis type
	PartNumber   *string
	SerialNumber *string
	Custom       []string
}

// BoardArea is the board info area (FRU section 11).
type BoardArea struct {
	Language     uint8
	MfgAt        *time.Time // UTC; nil when not specified
	Manufacturer *string
	ProductName  *string
	SerialNumber *string
	PartNumber   *string
	FRUFileID    *string
	Custom       []string
}

// ProductArea is the product info area (FRU section 12).
type ProductArea struct {
	Language     uint8
	Manufacturer *string
	Name         *string
	PartNumber   *string // part or model number
	Version      *string
	SerialNumber *string
	AssetTag     *string
	FRUFileID    *string
	Custom       []string
}

const (
	fruHeaderLen     = 8
	fruFormatVersion = 1
	fruUnit          = 8 // offsets and lengths count these
	maxCustomFields  = 64
)

// A fruHeader is the common header: area offsets in bytes, 0 where there is
// no such area (FRU section 8).
type fruHeader struct {
	chassis, board, product, multi int
}

// decodeFRUHeader decodes the common header.
func decodeFRUHeader(b []byte) (fruHeader, error) {
	if len(b) < fruHeaderLen {
		return fruHeader{}, fmt.Errorf("fru common header: %d bytes: %w", len(b), inventory.ErrMalformed)
	}
	b = b[:fruHeaderLen]
	switch {
	case allBytes(b, 0), allBytes(b, 0xFF):
		return fruHeader{}, ErrBlankFRU
	case sum8(b) != 0:
		return fruHeader{}, fmt.Errorf("fru common header: checksum is wrong: %w", inventory.ErrMalformed)
	case b[0]&0x0F != fruFormatVersion:
		return fruHeader{}, fmt.Errorf("fru common header: format version %d: %w", b[0]&0x0F, inventory.ErrMalformed)
	}
	return fruHeader{
		chassis: int(b[2]) * fruUnit, board: int(b[3]) * fruUnit,
		product: int(b[4]) * fruUnit, multi: int(b[5]) * fruUnit,
	}, nil
}

// DecodeFRU decodes the contents of a FRU device. Without a sound common
// header nothing in it can be found: that is ErrBlankFRU (all 00h or FFh) or
// inventory.ErrMalformed. A damaged area costs that area.
func DecodeFRU(b []byte) (FRU, error) {
	h, err := decodeFRUHeader(b)
	if err != nil {
		return FRU{}, err
	}
	var f FRU
	damaged := func(area FRUArea, err error) {
		if err != nil {
			f.Damaged = append(f.Damaged, DamagedArea{Area: area, Reason: err.Error()})
		}
	}
	if h.chassis != 0 {
		f.Chassis, err = decodeChassisArea(b, h.chassis)
		damaged(AreaChassis, err)
	}
	if h.board != 0 {
		f.Board, err = decodeBoardArea(b, h.board)
		damaged(AreaBoard, err)
	}
	if h.product != 0 {
		f.Product, err = decodeProductArea(b, h.product)
		damaged(AreaProduct, err)
	}
	if h.multi != 0 {
		f.Multi, err = decodeMultiRecords(b, h.multi)
		damaged(AreaMulti, err)
	}
	return f, nil
}

var (
	errAreaEnd      = errors.New("runs past the end")
	errAreaVersion  = errors.New("format version is unknown")
	errAreaChecksum = errors.New("checksum is wrong")
	errFieldEnd     = errors.New("a field runs past the end")
)

// fruArea returns an info area of at least size bytes whose checksum is
// right, without the checksum byte.
func fruArea(b []byte, offset, size int) ([]byte, error) {
	if offset < 0 || offset+2 > len(b) {
		return nil, errAreaEnd
	}
	if b[offset]&0x0F != fruFormatVersion {
		return nil, errAreaVersion
	}
	n := int(b[offset+1]) * fruUnit
	if n < size || offset+n > len(b) {
		return nil, errAreaEnd
	}
	area := b[offset : offset+n]
	if sum8(area) != 0 {
		return nil, errAreaChecksum
	}
	return area[:n-1], nil
}

func decodeChassisArea(b []byte, offset int) (*ChassisArea, error) {
	const fields = 3
	a, err := fruArea(b, offset, fields)
	if err != nil {
		return nil, err
	}
	c := &ChassisArea{Type: a[2]}
	c.Custom, err = decodeFields(a[fields:], languageEnglish, &c.PartNumber, &c.SerialNumber)
	if err != nil {
		return nil, err
	}
	return c, nil
}

func decodeBoardArea(b []byte, offset int) (*BoardArea, error) {
	const fields = 6
	a, err := fruArea(b, offset, fields)
	if err != nil {
		return nil, err
	}
	c := &BoardArea{Language: a[2], MfgAt: fruTime(a[3], a[4], a[5])}
	c.Custom, err = decodeFields(a[fields:], c.Language,
		&c.Manufacturer, &c.ProductName, &c.SerialNumber, &c.PartNumber, &c.FRUFileID)
	if err != nil {
		return nil, err
	}
	return c, nil
}

func decodeProductArea(b []byte, offset int) (*ProductArea, error) {
	const fields = 3
	a, err := fruArea(b, offset, fields)
	if err != nil {
		return nil, err
	}
	c := &ProductArea{Language: a[2]}
	c.Custom, err = decodeFields(a[fields:], c.Language,
		&c.Manufacturer, &c.Name, &c.PartNumber, &c.Version, &c.SerialNumber, &c.AssetTag, &c.FRUFileID)
	if err != nil {
		return nil, err
	}
	return c, nil
}

// decodeFields decodes type/length fields: the named ones, then custom ones up
// to the C1h that ends them. An area that ends without C1h has said all it
// has; one that ends inside a field is damaged.
func decodeFields(b []byte, language uint8, named ...**string) (custom []string, err error) {
	const end = 0xC1
	for i := 0; len(b) > 0 && b[0] != end; i++ {
		enc, n := TextEncoding(b[0]>>6), int(b[0]&0x3F)
		if 1+n > len(b) {
			return nil, errFieldEnd
		}
		s := textPtr(enc, b[1:1+n], language)
		switch {
		case i < len(named):
			*named[i] = s
		case s != nil && len(custom) < maxCustomFields:
			custom = append(custom, *s)
		}
		b = b[1+n:]
	}
	return custom, nil
}

// fruTime decodes minutes since 1996-01-01 00:00; 0 is unspecified.
func fruTime(b0, b1, b2 uint8) *time.Time {
	minutes := int64(b0) | int64(b1)<<8 | int64(b2)<<16
	if minutes == 0 || minutes == 0xFFFFFF {
		return nil
	}
	return new(time.Date(1996, time.January, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(minutes) * time.Minute))
}

func sum8(b []byte) (sum uint8) {
	for _, c := range b {
		sum += c
	}
	return sum
}
