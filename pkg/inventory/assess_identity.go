package inventory

import "fmt"

// assessIdentity names components that cannot be told apart.
func assessIdentity(a *assessment) {
	a.r.eachMeta(func(m *Meta) {
		if base, ok := collision(m.ID); ok {
			a.add(SeverityInfo, "identity.duplicate_id", m.ID,
				fmt.Sprintf("the firmware gives several parts the same name; this one is told from %q by its position only", base),
				map[string]string{"shared_id": base})
		}
	})
}
