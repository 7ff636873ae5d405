// Package storage collects drives, the controllers they hang on, and the
// volumes of RAID controllers.
//
// What a device is gets decided from sysfs before anything is sent to it: an
// NVMe command goes to /dev/nvmeN alone, an ATA command only to what the kernel
// drives as ATA or what answers as SCSI/ATA translation. Identity comes from
// sysfs, so that it is there without privilege, for a drive that hangs, and in
// a captured tree; the drive itself adds firmware, geometry and health. A drive
// in standby is not woken.
//
// A drive that several kernel devices lead to (NVMe subsystems of several
// controllers, multipath, a RAID member that is passed through as well) is
// reported once, with its paths.
package storage
