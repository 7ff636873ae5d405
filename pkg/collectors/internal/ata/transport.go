package ata

import (
	"example.com/bee/pkg/collectors/internal/device"
	"example.com/bee/pkg/collectors/internal/scsi"
)

// Allowed is scsi.Allowed: ATA commands travel inside SCSI.
func Allowed(req device.Request) error { return scsi.Allowed(req) }

// Open is scsi.Open: an ATA drive is reached as a SCSI disk.
func Open(path string) (device.Device, error) { return scsi.Open(path) }
