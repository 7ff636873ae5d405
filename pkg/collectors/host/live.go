package host

import "time"

// Live is the machine the program runs on.
func Live() (*Host, error) {
	src, err := openTree("/", true)
	if err != nil {
		return nil, err
	}
	return New(src), nil
}

// LiveUnder is the machine the program runs on, seen from a container that has
// its root mounted at dir: files and devices are those below dir.
func LiveUnder(dir string) (*Host, error) {
	src, err := openTree(dir, true)
	if err != nil {
		return nil, err
	}
	return New(src), nil
}

// Static is a captured tree: files below dir, and no devices. Links cannot
// lead out of dir.
func Static(dir string) (*Host, error) {
	src, err := openTree(dir, false)
	if err != nil {
		return nil, err
	}
	return New(src), nil
}

// Now implements [Source].
func (*tree) Now() time.Time { return time.Now() }

// LiveSource is what [Live] reads from, for a source of one's own that stands
// between it and the host: host.New(recorder{src}).
func LiveSource() (Source, error) {
	src, err := openTree("/", true)
	if err != nil {
		return nil, err
	}
	return src, nil
}
