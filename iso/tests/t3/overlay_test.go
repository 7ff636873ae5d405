package t3_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// overlayDir is the overlay in the tree.
const overlayDir = "../../overlay"

// system is a root folder that the overlay's scripts take for the machine's.
type system struct {
	t    *testing.T
	root string
	bin  string // Programs that stand in for those that change a machine.
}

func newSystem(t *testing.T) system {
	t.Helper()
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("no sh")
	}
	s := system{t: t, root: t.TempDir(), bin: t.TempDir()}
	from, err := filepath.Abs(overlayDir)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(s.root, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	s.write("proc/cmdline", "quiet")
	s.write("proc/uptime", "12.34 5.6")
	return s
}

func (s system) write(name, text string) {
	s.t.Helper()
	file := filepath.Join(s.root, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		s.t.Fatal(err)
	}
}

func (s system) read(name string) string {
	s.t.Helper()
	data, err := os.ReadFile(filepath.Join(s.root, name))
	if err != nil {
		s.t.Fatal(err)
	}
	return string(data)
}

// program makes a stand-in that writes down how it was called.
func (s system) program(name, script string) {
	s.t.Helper()
	text := "#!/bin/sh\necho \"" + name + " $*\" >>\"$ROOT/calls\"\n" + script
	if err := os.WriteFile(filepath.Join(s.bin, name), []byte(text), 0o755); err != nil {
		s.t.Fatal(err)
	}
}

// run runs a line of shell with the machine's root.
func (s system) run(line string) string {
	s.t.Helper()
	cmd := exec.CommandContext(s.t.Context(), "sh", "-c", line)
	cmd.Dir = s.root
	cmd.Env = append(os.Environ(), "ROOT="+s.root, "PATH="+s.bin+":"+os.Getenv("PATH"))
	out, err := cmd.CombinedOutput()
	if err != nil {
		s.t.Fatalf("%s: %v: %s", line, err, out)
	}
	return string(out)
}

func TestOption(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	for _, c := range []struct{ cmdline, name, want string }{
		{"quiet bee.timeout=60 x", "bee.timeout", "60"},
		{"bee.timeout=60 bee.timeout=90", "bee.timeout", "90"},
		{"xbee.timeout=60", "bee.timeout", "none"},
		{"quiet", "bee.timeout", "none"},
		{`a bee.keys="ssh-ed25519 AAAA me" b`, "bee.keys", "ssh-ed25519 AAAA me"},
		{`a "bee.keys=ssh-ed25519 AAAA me"`, "bee.keys", "ssh-ed25519 AAAA me"},
		{`x="bee.timeout=5 y"`, "bee.timeout", "none"},
		{"bee.x=$(touch${IFS}/tmp/x)`id`*", "bee.x", "$(touch${IFS}/tmp/x)`id`*"},
	} {
		s.write("proc/cmdline", c.cmdline+"\n")
		if got := strings.TrimSuffix(s.run(". ./usr/libexec/bee/lib.sh; option "+c.name+" none"), "\n"); got != c.want {
			t.Errorf("%s of %q: %q, want %q", c.name, c.cmdline, got, c.want)
		}
	}
}

func TestNumber(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	for value, want := range map[string]string{"60": "60", "": "300", "5": "300", "99999": "300", "6x": "300", "-1": "300", "123456789012": "300"} {
		if got := strings.TrimSpace(s.run(". ./usr/libexec/bee/lib.sh; number '" + value + "' 10 86400 300")); got != want {
			t.Errorf("%q: %q, want %q", value, got, want)
		}
	}
}

// accounts makes a system with a package's accounts: root's password is blank.
func accounts(t *testing.T) system {
	t.Helper()
	s := newSystem(t)
	s.write("etc/passwd", "root:x:0:0:root:/root:/bin/sh\nold::7:7::/:/bin/sh\n")
	s.write("etc/group", "root:x:0:\n")
	s.write("etc/shadow", "root::0:::::\nold::0:::::\nnobody:!::0:::::\n")
	s.write("dev/urandom", strings.Repeat("Il1O0!abcdefghjkmnpqrstuvwxyz", 20))
	s.program("dropbearkey", `case "$*" in *-y*) echo "Fingerprint: SHA256:abc"; esac; [ "$1" = -y ] || { while [ "$1" != -f ]; do shift; done; echo key >"$2"; }`)
	s.program("mkpasswd", `read -r p; echo "\$6\$salt\$hash"`)
	s.program("logger", "")
	return s
}

func TestSSHSetup(t *testing.T) {
	t.Parallel()
	const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0PV1kmlQh2lJC4Jxx2FQ5mHqGpAfWl0PzKZ5vZ7QxN"
	for _, c := range []struct {
		name, cmdline, built, hash string
		allow                      bool
		login, options, shadow     string // What comes of it; shadow is bee's field.
		keys, trouble              string
	}{
		{name: "password", login: "password", options: "-g", shadow: "$6$salt$hash"},
		{name: "keys", built: key, login: "keys", options: "-s -g", shadow: "*", keys: key},
		{name: "cmdline keys", cmdline: `bee.keys="` + key + ` me"`, login: "keys", options: "-s -g", shadow: "*", keys: key},
		{name: "two, colons", cmdline: "bee.keys=" + strings.ReplaceAll(key, " ", ":") + "," + strings.ReplaceAll(key, " ", ":"), login: "keys", options: "-s -g", shadow: "*", keys: key},
		{name: "refused", built: key, cmdline: `bee.keys="` + strings.Replace(key, "7QxN", "OTHR", 1) + `"`, login: "keys", options: "-s -g", shadow: "*", keys: key, trouble: "refused"},
		{name: "allowed", built: key, allow: true, cmdline: `bee.keys="` + strings.Replace(key, "7QxN", "OTHR", 1) + `"`, login: "keys", options: "-s -g", shadow: "*", keys: "OTHR"},
		{name: "URL", cmdline: "bee.keys=https://example.org/keys", login: "password", options: "-g", shadow: "$6$salt$hash", trouble: "no public key"},
		{name: "options", cmdline: `bee.keys="command=x ` + key + `"`, login: "password", options: "-g", shadow: "$6$salt$hash", trouble: "no public key"},
		{name: "hash", hash: "$6$abc$defghijk", login: "hash", options: "-g", shadow: "$6$abc$defghijk"},
		{name: "blank hash", hash: "", login: "password", options: "-g", shadow: "$6$salt$hash"},
		{name: "clear text", hash: "secret", login: "none", options: "-s -g", shadow: "*", trouble: "hash is none"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := accounts(t)
			s.write("proc/cmdline", c.cmdline)
			if c.built != "" {
				s.write("root/.ssh/authorized_keys", c.built+"\n")
			}
			if c.hash != "" {
				s.write("etc/bee/password-hash", c.hash+"\n")
			}
			if c.allow {
				s.write("etc/bee/allow-cmdline-keys", "")
			}
			s.run("./usr/libexec/bee/sshsetup")
			if got := strings.TrimSpace(s.read("run/bee/login")); got != c.login {
				t.Errorf("login %q, want %q", got, c.login)
			}
			if got := strings.TrimSpace(s.read("run/bee/dropbear.opts")); got != c.options {
				t.Errorf("dropbear %q, want %q", got, c.options)
			}
			shadow := s.read("etc/shadow")
			if !strings.Contains(shadow, "root:*:") || !strings.Contains(shadow, "bee:"+c.shadow+":") || regexp.MustCompile(`(?m)^[^:]*::`).MatchString(shadow+s.read("etc/passwd")) {
				t.Errorf("accounts:\n%s%s", shadow, s.read("etc/passwd"))
			}
			if c.keys != "" && !strings.Contains(s.read("root/.ssh/authorized_keys"), c.keys) {
				t.Errorf("keys: %s", s.read("root/.ssh/authorized_keys"))
			}
			if status := s.read("run/bee/ssh.status"); !strings.Contains(status, c.trouble) || (c.trouble == "") != strings.Contains(status, "state=done") {
				t.Errorf("status: %s", status)
			}
			password, err := os.ReadFile(filepath.Join(s.root, "run/bee/password"))
			if (err == nil) != (c.login == "password") {
				t.Errorf("password file: %v", err)
			}
			if err == nil {
				if !regexp.MustCompile(`^[a-kmnp-zA-HJ-NP-Z2-9]{16}\n$`).Match(password) {
					t.Errorf("password %q", password)
				}
				if strings.Contains(s.read("calls"), strings.TrimSpace(string(password))) {
					t.Error("the password was an argument")
				}
			}
			// Again, as after a restart of the service: no second user.
			s.run("./usr/libexec/bee/sshsetup")
			if n := strings.Count(s.read("etc/shadow")+s.read("etc/passwd")+s.read("etc/group"), "bee:"); n != 5 {
				t.Errorf("%d times bee, want 5", n)
			}
		})
	}
}

func TestConsoleSetup(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ cmdline, want, not string }{
		{"", "ttyS0::respawn:/sbin/getty -L 0 ttyS0 vt100\nttyS1::respawn:/sbin/getty -L 115200 ttyS1 vt100\n", "ttyS2"},
		{"bee.console=ttyS2,57600", "ttyS2::respawn:/sbin/getty -L 57600 ttyS2 vt100\n", "ttyS3"},
		{"bee.console=ttyS2+hvc0", "hvc0::respawn:/sbin/getty -L 115200 hvc0 vt100\n", "ttyS3"},
		{"bee.console=none", "tty2", "ttyS"},
		{"bee.console=ttyS7", "ttyS7::respawn:", "ttyS3"},
		{"bee.console=../x", "ttyS0::", "x::"},
	} {
		s := newSystem(t)
		s.write("proc/cmdline", c.cmdline)
		s.write("sys/class/tty/console/active", "tty0 ttyS0\n")
		for port, kind := range map[string]string{"ttyS0": "4", "ttyS1": "4", "ttyS2": "0", "ttyS3": "0"} {
			s.write("sys/class/tty/"+port+"/type", kind+"\n")
		}
		// As the initramfs leaves it, with a port that is not there.
		s.write("etc/inittab", s.read("etc/inittab")+"ttyS3::respawn:/sbin/getty -L 0 ttyS3 vt100\nttyS7::respawn:/sbin/getty -L 0 ttyS7 vt100\n")
		s.run("./usr/libexec/bee/console-setup")
		once := s.read("etc/inittab")
		s.run("./usr/libexec/bee/console-setup")
		if got := s.read("etc/inittab"); got != once || !strings.Contains(got, c.want) || strings.Contains(got, c.not) {
			t.Errorf("%q:\n%s", c.cmdline, got)
		}
	}
}

// TestNVIDIA has GPUs whose driver is a stand-in: the order of loading, the
// firmware's path, nodes by the driver's own numbers, libraries.
func TestNVIDIA(t *testing.T) {
	t.Parallel()
	gpu := func(t *testing.T) system {
		t.Helper()
		s := newSystem(t)
		s.write("sys/bus/pci/devices/0000:17:00.0/vendor", "0x10de\n")
		s.write("sys/bus/pci/devices/0000:17:00.0/class", "0x030200\n")
		s.write("sys/bus/pci/devices/0000:17:00.1/vendor", "0x10de\n") // Its sound.
		s.write("sys/bus/pci/devices/0000:17:00.1/class", "0x040300\n")
		s.write("sys/module/firmware_class/parameters/path", "")
		s.write("usr/local/lib/firmware/nvidia/1.2/gsp_x.bin", "x")
		s.write("proc/devices", "195 nvidia-frontend\n510 nvidia-uvm\n")
		s.write("proc/driver/nvidia/gpus/0000:17:00.0/information", "Model: X\nDevice Minor: 	 3\n")
		s.write("usr/lib/x", "")
		s.write("dev/nvidiactl.not", "")
		for _, m := range []string{"nvidia", "nvidia-drm", "nvidia-modeset", "nvidia-uvm"} {
			s.write("usr/local/lib/nvidia/"+m+".ko", m)
		}
		s.write("usr/local/lib/nvidia/libnvidia-ml.so.1.2", "elf")
		s.program("modprobe", "")
		s.program("insmod", "")
		s.program("mknod", "")
		s.program("logger", "")
		return s
	}
	t.Run("loads", func(t *testing.T) {
		t.Parallel()
		s := gpu(t)
		s.run("./usr/libexec/bee/nvidia-load 0000:17:00.0")
		calls := s.read("calls")
		order := []string{
			"modprobe -q drm\n", "insmod " + s.root + "/usr/local/lib/nvidia/nvidia.ko", "nvidia-uvm.ko", "nvidia-modeset.ko", "nvidia-drm.ko",
			"nvidiactl c 195 255", "nvidia-uvm c 510 0", "nvidia-uvm-tools c 510 1", "nvidia3 c 195 3",
		}
		at := -1
		for _, want := range order {
			i := strings.Index(calls, want)
			if i <= at {
				t.Fatalf("%q is not in its place:\n%s", want, calls)
			}
			at = i
		}
		if got := s.read("sys/module/firmware_class/parameters/path"); got != "/usr/local/lib/firmware" {
			t.Errorf("firmware from %q", got)
		}
		if got, err := os.Readlink(filepath.Join(s.root, "usr/lib/libnvidia-ml.so.1")); err != nil || got != "/usr/local/lib/nvidia/libnvidia-ml.so.1.2" {
			t.Errorf("libnvidia-ml.so.1: %q %v", got, err)
		}
		if got := s.read("run/bee/nvidia.status"); !strings.Contains(got, "state=done") {
			t.Error(got)
		}
	})
	t.Run("foreign driver", func(t *testing.T) {
		t.Parallel()
		s := gpu(t)
		if err := os.Symlink("../../../../bus/pci/drivers/nouveau", filepath.Join(s.root, "sys/bus/pci/devices/0000:17:00.0/driver")); err != nil {
			t.Fatal(err)
		}
		s.run("./usr/libexec/bee/nvidia-load 0000:17:00.0")
		if got := s.read("run/bee/nvidia.status"); !strings.Contains(got, "state=failed") || !strings.Contains(got, "0000:17:00.0 is held by the driver nouveau") {
			t.Error(got)
		}
	})
	t.Run("a module that fails", func(t *testing.T) {
		t.Parallel()
		s := gpu(t)
		s.program("insmod", "echo 'Unknown symbol in module'; exit 1\n")
		s.run("./usr/libexec/bee/nvidia-load 0000:17:00.0")
		if got := s.read("run/bee/nvidia.status"); !strings.Contains(got, "state=failed") || !strings.Contains(got, "Unknown symbol") {
			t.Error(got)
		}
	})
	t.Run("none", func(t *testing.T) {
		t.Parallel()
		s := gpu(t)
		s.write("sys/bus/pci/devices/0000:17:00.0/vendor", "0x8086\n")
		s.run("./usr/libexec/bee/nvidia-start")
		if got := s.read("run/bee/nvidia.status"); !strings.Contains(got, "state=absent") {
			t.Error(got)
		}
	})
}

// TestPush wants what is not safe to be refused before anything is sent.
func TestPush(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		url, program, state, text string
		sent                      bool
	}{
		{"", "exit 0", "off", "no bee.push=", false},
		{"http://reports.example.org/", "exit 0", "failed", "only https", false},
		{"https://reports.example.org/", "exit 0", "done", "sent", true},
		{"https://reports.example.org/", "echo 'certificate is not yet valid' >&2; exit 1", "failed", "certificate is not yet valid", true},
	} {
		s := newSystem(t)
		s.write("proc/cmdline", "bee.push="+c.url)
		s.write("var/log/bee-audit.json", "{}")
		s.write("etc/bee/push-token", "secret")
		s.program("audit-push", c.program+"\n")
		s.run(`mkdir -p usr/local/bin; touch calls; cp "$(command -v audit-push)" usr/local/bin/; ./usr/libexec/bee/push || :`)
		status := s.read("run/bee/push.status")
		if !strings.Contains(status, "state="+c.state+"\n") || !strings.Contains(status, c.text) {
			t.Errorf("%s: %s", c.url, status)
		}
		calls := s.read("calls")
		if strings.Contains(calls, c.url) != c.sent && c.url != "" {
			t.Errorf("%s: %s", c.url, calls)
		}
		if strings.Contains(calls, "allow-http") || strings.Contains(calls, "secret") {
			t.Errorf("%s: %s", c.url, calls)
		}
	}
}

// TestDevices has a controller whose driver hangs, a network card, and a BMC
// that the firmware names and that does not answer.
func TestDevices(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.write("etc/conf.d/bee-devices", "bee_devices_modules='ipmi_si hangs'\nbee_devices_wait=4\n")
	s.write("sys/bus/pci/devices/0000:01:00.0/class", "0x020000\n")
	s.write("sys/bus/pci/devices/0000:01:00.0/modalias", "pci:v00008086d000010D3sv00008086sd0000A01Fbc02sc00i00\n")
	s.write("sys/bus/acpi/devices/IPI0001:00/hid", "IPI0001\n")
	s.write("proc/devices", "253 megaraid_sas_ioctl\n")
	s.write("dev/null.not", "")
	kernel := strings.TrimSpace(s.run("uname -r"))
	s.write("lib/modules/"+kernel+"/modules.alias", "alias pci:v00008086d000010D3sv*sd*bc*sc*i* e1000e\nalias pci:v00008086d0000FFFFsv*sd*bc*sc*i* other\n")
	s.program("modprobe", `case "$*" in *hangs*) sleep 8 ;; esac`)
	s.program("mknod", "")
	s.program("logger", "")
	s.run("./usr/libexec/bee/devices-load & sleep 6; cat run/bee/devices.status >early; wait")
	if got := s.read("early"); !strings.Contains(got, "text=still loading: hangs; the BMC does not answer\n") {
		t.Errorf("after the limit: %s", got)
	}
	if got := s.read("run/bee/devices.status"); !strings.Contains(got, "text=loaded late: hangs\n") {
		t.Errorf("at the end: %s", got)
	}
	calls := s.read("calls")
	for _, want := range []string{"modprobe -q e1000e\n", "modprobe -q -a ipmi_si\n", "megaraid_sas_ioctl_node c 253 0\n"} {
		if !strings.Contains(calls, want) {
			t.Errorf("no %q in\n%s", want, calls)
		}
	}
	if strings.Contains(calls, "other") {
		t.Errorf("a driver of another card:\n%s", calls)
	}
}
