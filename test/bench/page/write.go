package page

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Write replaces the result's section of a page and its picture.
func Write(name string, r *Result) error {
	img := filepath.Join(filepath.Dir(name), "img", "bench-"+r.Name+".svg")
	if err := os.WriteFile(img, []byte(r.SVG()), 0o644); err != nil {
		return err
	}
	text := r.Markdown() + fmt.Sprintf("\n![Time and facts](img/bench-%s.svg)\n", r.Name)
	return Section(name, r.Name, text)
}

// Section replaces what stands between the markers of that name.
func Section(name, section, text string) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	open, end := fmt.Sprintf("<!-- bench:%s -->", section), fmt.Sprintf("<!-- /bench:%s -->", section)
	before, rest, ok := strings.Cut(string(data), open)
	_, after, closed := strings.Cut(rest, end)
	if !ok || !closed {
		return fmt.Errorf("%s: no section between %s and %s", name, open, end)
	}
	return os.WriteFile(name, []byte(before+open+"\n"+strings.TrimSpace(text)+"\n"+end+after), 0o644)
}
