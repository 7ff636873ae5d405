package lab

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// arguments is QEMU's command line; files that it names are written here.
func (vm *VM) arguments(ctx context.Context, o Options, b Built, disks string) ([]string, error) {
	p := o.Profile
	args, err := vm.machineArguments(ctx, p, b, disks)
	if err != nil {
		return nil, err
	}
	words := []string{"console=ttyS0", "loglevel=5", "panic=-1"}
	modules := p.Modules
	if p.PCITree != nil {
		modules = append(modules[:len(modules):len(modules)], "labpci:file=/payload/pci.blob+domain=0x1000+node=0")
	}
	if len(modules) > 0 {
		words = append(words, "lab.mods="+strings.Join(modules, ";"))
	}
	words = append(append(words, p.Append...), o.Append...)
	return append(args,
		"-kernel", b.Kernel, "-initrd", filepath.Join(vm.dir, "initrd"), "-append", strings.Join(words, " "),
		"-chardev", "file,id=con,path="+commas(filepath.Join(vm.out, "console.log")), "-serial", "chardev:con",
		"-chardev", "socket,id=lab,path="+vm.dir+"/lab.sock,server=on,wait=off", "-serial", "chardev:lab",
	), nil
}

// machineArguments is the part of it that does not say what is booted.
func (vm *VM) machineArguments(ctx context.Context, p Profile, b Built, disks string) ([]string, error) {
	qemu, err := exec.LookPath("qemu-system-x86_64")
	if err != nil {
		return nil, err
	}
	args := []string{qemu}
	if p.NVMeModel != "" {
		copied, err := b.cache.qemuWithNVMeModel(ctx, qemu, p.NVMeModel)
		if err != nil {
			return nil, err
		}
		// A copy elsewhere does not find its data and modules by itself.
		args = []string{
			"env", "QEMU_MODULE_DIR=/usr/lib/x86_64-linux-gnu/qemu", copied,
			"-L", "/usr/share/qemu", "-L", "/usr/share/seabios", "-L", "/usr/lib/ipxe/qemu",
		}
	}
	args = append(args,
		"-accel", "tcg,thread=multi", "-M", or(p.Machine, "q35"), "-cpu", or(p.CPU, "max"), "-smp", or(p.SMP, "2"), "-m", or(p.Memory, "1024"),
		"-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
		"-qmp", "unix:"+vm.dir+"/qmp.sock,server=on,wait=off",
	)
	firmware, err := vm.firmwareArguments(p, b)
	if err != nil {
		return nil, err
	}
	args = append(args, firmware...)
	bmc, err := vm.bmcArguments(ctx, p)
	if err != nil {
		return nil, err
	}
	args = append(args, bmc...)
	for _, a := range p.Arguments {
		args = append(args, strings.ReplaceAll(a, RunDir, commas(disks)))
	}
	return args, nil
}

func (vm *VM) firmwareArguments(p Profile, b Built) ([]string, error) {
	var args []string
	write := func(name string, data []byte) (string, error) {
		f := filepath.Join(vm.dir, name)
		return f, os.WriteFile(f, data, 0o644)
	}
	if p.UEFI {
		image, err := ovmf()
		if err != nil {
			return nil, err
		}
		args = append(args, "-bios", image)
	}
	if p.SMBIOS == nil {
		return args, nil
	}
	for i, s := range p.SMBIOS.Structures {
		f, err := write(fmt.Sprintf("smbios-%02d.bin", i), s.Bytes)
		if err != nil {
			return nil, err
		}
		args = append(args, "-smbios", "file="+f)
	}
	if len(p.SMBIOS.Tables.Anchor) == 0 {
		return args, nil
	}
	anchor, err := write("smbios-anchor", p.SMBIOS.Tables.Anchor)
	if err != nil {
		return nil, err
	}
	table, err := write("smbios-tables", p.SMBIOS.Tables.Table)
	if err != nil {
		return nil, err
	}
	return append(args, "-bios", b.SeaBIOS,
		"-fw_cfg", "name=opt/smbios/smbios-anchor,file="+anchor, "-fw_cfg", "name=opt/smbios/smbios-tables,file="+table), nil
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// commas doubles commas, as QEMU's option syntax wants them in values.
func commas(s string) string { return strings.ReplaceAll(s, ",", ",,") }

func quoteAll(args []string) string {
	quoted := make([]string, len(args))
	for i, a := range args {
		quoted[i] = a
		if strings.ContainsAny(a, " ()'\"$&;*") {
			quoted[i] = "'" + strings.ReplaceAll(a, "'", `'\''`) + "'"
		}
	}
	return strings.Join(quoted, " ")
}
