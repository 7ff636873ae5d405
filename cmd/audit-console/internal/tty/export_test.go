package tty

import "os"

// FontHas asks a console's font.
func FontHas(f *os.File, want []rune) (has, known bool) { return fontHas(f, want) }
