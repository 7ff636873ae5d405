package nvme

// What a controller claims decides what is sent to it: a command it does not
// know would grow its own error log.

// SupportsNamespaceManagement says that namespaces can be created (OACS bit 3).
func (c *Controller) SupportsNamespaceManagement() bool { return c.OptionalAdmin&(1<<3) != 0 }

// SupportsSelfTest says that there is a Device Self-test log (OACS bit 4).
func (c *Controller) SupportsSelfTest() bool { return c.OptionalAdmin&(1<<4) != 0 }

// SupportsSMARTPerNamespace says that SMART can be asked of one namespace (LPA
// bit 0).
func (c *Controller) SupportsSMARTPerNamespace() bool { return c.LogAttributes&1 != 0 }

// SupportsNamespaceIDs says that namespace identification descriptors (CNS
// 03h) can be asked for: mandatory since 1.3.
func (c *Controller) SupportsNamespaceIDs() bool { return c.Version >= Version1_3 }

// SupportsActiveNamespaces says that the active namespace list (CNS 02h) can
// be asked for: mandatory since 1.1, and VER itself is there since 1.2.
func (c *Controller) SupportsActiveNamespaces() bool {
	return c.Version >= Version1_2 || c.SupportsNamespaceManagement()
}

// SupportsLogs says that health logs exist: a discovery controller has none.
func (c *Controller) SupportsLogs() bool { return c.Type != ControllerTypeDiscovery }
