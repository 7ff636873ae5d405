package inventory

import (
	"fmt"
	"slices"
	"strings"
)

// assessTrust judges how the system was started, what has happened to its
// kernel, its TPMs and its firmware updates.
func assessTrust(a *assessment) {
	if t := a.r.Trust; t != nil {
		a.judgeBoot(t)
		a.judgeTaint(t)
		for i := range t.TPMs {
			a.judgeTPM(&t.TPMs[i])
		}
	}
	for i := range a.r.Firmware {
		a.judgeUpdate(&a.r.Firmware[i])
	}
}

func (a *assessment) judgeBoot(t *Trust) {
	if t.SetupMode != nil && *t.SetupMode {
		a.add(SeverityInfo, "trust.setup_mode", t.ID, "the firmware has no platform key: whoever may write its variables may enrol one", map[string]string{"setup_mode": "true"})
	}
	if t.SecureBoot != nil && !*t.SecureBoot {
		a.add(SeverityInfo, "trust.secure_boot_off", t.ID, "the firmware did not check what it started", map[string]string{"secure_boot": "false"})
	}
}

// judgeTaint tells apart what hardware did, what software did, and what
// somebody chose to load.
func (a *assessment) judgeTaint(t *Trust) {
	evidence := map[string]string{"flags": strings.Join(t.KernelTaint, ", ")}
	if t.KernelTaintMask != nil {
		evidence["mask"] = uintText(t.KernelTaintMask)
	}
	has := func(flags ...string) string {
		var found []string
		for _, f := range flags {
			if slices.Contains(t.KernelTaint, f) {
				found = append(found, f)
			}
		}
		return strings.Join(found, ", ")
	}
	if f := has("machine_check", "bad_page"); f != "" {
		a.add(SeverityWarning, "kernel.hardware_error", t.ID, "since it was started the kernel has seen errors of the hardware: "+f, evidence)
	}
	if f := has("died", "soft_lockup"); f != "" {
		a.add(SeverityWarning, "kernel.died", t.ID, "since it was started a part of the kernel has died or hung: "+f, evidence)
	}
	if f := has("cpu_out_of_spec"); f != "" {
		a.add(SeverityWarning, "kernel.cpu_out_of_spec", t.ID, "the kernel runs on processors outside of their specification", evidence)
	}
	if len(t.KernelTaint) > 0 {
		a.add(SeverityInfo, "kernel.tainted", t.ID, "the kernel is tainted: "+evidence["flags"], evidence)
	}
}

func (a *assessment) judgeTPM(t *TPM) {
	if t.LockedOut != nil && *t.LockedOut {
		evidence := map[string]string{"locked_out": "true"}
		if t.LockoutCount != nil {
			evidence["lockout_count"] = fmt.Sprint(*t.LockoutCount)
		}
		a.add(SeverityWarning, "tpm.locked_out", t.ID, "the TPM refuses authorization after too many wrong attempts", evidence)
	}
	if t.Device == "" {
		a.add(SeverityInfo, "tpm.no_driver", t.ID, "the firmware tells of a TPM that the kernel has no driver for", map[string]string{"version": t.Version})
	}
}

func (a *assessment) judgeUpdate(f *FirmwareResource) {
	if f.LastAttemptStatus == "" || f.LastAttemptStatus == "success" {
		return
	}
	evidence := map[string]string{"last_attempt_status": f.LastAttemptStatus}
	for name, v := range map[string]*uint32{"version": f.Version, "last_attempt_version": f.LastAttemptVersion} {
		if v != nil {
			evidence[name] = fmt.Sprint(*v)
		}
	}
	a.add(SeverityWarning, "firmware.update_failed", f.ID, fmt.Sprintf("the last update of firmware %s failed: %s", f.GUID, f.LastAttemptStatus), evidence)
}
