package inventory

import "fmt"

// assessIdentity names components that cannot be told apart.
func assessIdentity(a *assessment) {
	ids := map[string]bool{}
	a.r.eachMeta(func(m *Meta) { ids[m.ID] = true })
	a.r.eachMeta(func(m *Meta) {
		// A socket may be called "CPU#1" without there being a "CPU".
		if base, ok := collision(m.ID); ok && ids[base] {
			a.add(SeverityInfo, "identity.duplicate_id", m.ID,
				fmt.Sprintf("the firmware gives several parts the same name; this one is told from %q by its position only", base),
				map[string]string{"shared_id": base})
		}
	})
}
