package ipmi

import "time"

// DefaultTimeout is how long a transport waits for one answer when the
// request names no time. The kernel's own patience with a controller that
// stopped is 5 s per attempt; most controllers answer within 50 ms.
const DefaultTimeout = 5 * time.Second
