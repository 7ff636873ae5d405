// A stand-in for libnvidia-ml.so.1 that answers from a table.
//
// It is built freestanding, without any libc, so that one way of building it
// loads under glibc and under musl. The table, data.h, is written by the tests:
// one row per call that has an answer, everything else is "not supported".
//
// Macros select how it misbehaves:
//   FAULT        1 crash, 2 abort, 3 hang, in FAULT_FN when asked of FAULT_GPU
//   NOISE        prints to standard output and standard error on every call
//   DEEP_STACK   needs that many bytes of stack in nvmlDeviceGetName
//   OLD_DRIVER   lacks functions that came with later drivers
//   WRONG_STRUCT knows no version of any versioned structure
//   INTRUDE      tries to make a device node at that path and to load a module
//                in nvmlInitWithFlags, and tells how it went as driver version

typedef unsigned int u32;
typedef unsigned long long u64;
typedef u32 ret_t;

struct row {
	const char *fn;
	int gpu, mig, nargs;
	u32 args[3];
	ret_t ret;
	u64 num[5];
	const char *text;
};

#include "data.h"

enum { OK = 0, INVALID = 2, UNSUPPORTED = 3, MISSING = 6, TOO_SMALL = 7, VERSION = 25 };

#define API __attribute__((visibility("default"))) ret_t

static long sys(long n, long a, long b, long c)
{
	long r;
	__asm__ volatile("syscall" : "=a"(r) : "a"(n), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
	return r;
}

enum { SYS_write = 1, SYS_pause = 34, SYS_getpid = 39, SYS_kill = 62, SYS_mknod = 133, SYS_init_module = 175 };

static int same(const char *a, const char *b)
{
	for (; *a && *a == *b; a++, b++)
		;
	return *a == *b;
}

static u32 len(const char *s)
{
	u32 n = 0;
	while (s[n])
		n++;
	return n;
}

// A handle is a number in a pointer: GPU and MIG device.
static void *handle(int gpu, int mig) { return (void *)(u64)(0x10000 + gpu * 0x100 + mig + 1); }
static int gpu_of(void *d) { return d ? (int)(((u64)d - 0x10000) >> 8) : -1; }
static int mig_of(void *d) { return d ? (int)((u64)d & 0xff) - 1 : -1; }

#ifdef DEEP_STACK
static u32 deep(volatile char *above, u32 left)
{
	volatile char here[1024];
	for (u32 i = 0; i < sizeof here; i += 64)
		here[i] = above[0];
	return left <= sizeof here ? here[0] : deep(here, left - sizeof here) + here[64];
}
#endif

static void before(const char *fn, int gpu)
{
	(void)fn;
	(void)gpu;
#ifdef NOISE
	static const char noise[] = "NVML: {\"done\":{}} not what you are waiting for\n";
	sys(SYS_write, 1, (long)noise, sizeof noise - 1);
	sys(SYS_write, 2, (long)noise, sizeof noise - 1);
#endif
#ifdef DEEP_STACK
	volatile char seed[1] = {0};
	if (same(fn, "nvmlDeviceGetName"))
		deep(seed, DEEP_STACK);
#endif
#ifdef FAULT
	if (gpu == FAULT_GPU && same(fn, FAULT_FN)) {
		if (FAULT == 1)
			*(volatile int *)8 = 1;
		if (FAULT == 2)
			sys(SYS_kill, sys(SYS_getpid, 0, 0, 0), 6, 0);
		for (;;)
			sys(SYS_pause, 0, 0, 0);
	}
#endif
}

static const struct row *look(const char *fn, void *dev, int nargs, u32 a, u32 b, u32 c)
{
	int gpu = gpu_of(dev), mig = mig_of(dev);
	u32 args[3] = {a, b, c};
	for (u32 i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct row *r = &rows[i];
		int hit = r->gpu == gpu && r->mig == mig && r->nargs == nargs && same(r->fn, fn);
		for (int k = 0; k < nargs; k++)
			hit = hit && r->args[k] == args[k];
		if (hit)
			return r;
	}
	return 0;
}

static const struct row *call(const char *fn, void *dev, int nargs, u32 a, u32 b, u32 c)
{
	before(fn, gpu_of(dev));
	return look(fn, dev, nargs, a, b, c);
}

static ret_t put_text(const struct row *r, char *out, u32 room)
{
	if (!r)
		return UNSUPPORTED;
	if (r->ret)
		return r->ret;
	if (len(r->text) + 1 > room)
		return TOO_SMALL;
	for (u32 i = 0; i <= len(r->text); i++)
		out[i] = r->text[i];
	return OK;
}

static ret_t put_u32(const struct row *r, int n, u32 **out)
{
	if (!r)
		return UNSUPPORTED;
	for (int i = 0; i < n && !r->ret; i++)
		*out[i] = (u32)r->num[i];
	return r->ret;
}

static ret_t put_u64(const struct row *r, u64 *out)
{
	if (!r)
		return UNSUPPORTED;
	if (!r->ret)
		*out = r->num[0];
	return r->ret;
}

#define TEXT(f) API f(void *d, char *s, u32 n) { return put_text(call(#f, d, 0, 0, 0, 0), s, n); }
#define U32(f) API f(void *d, u32 *p) { return put_u32(call(#f, d, 0, 0, 0, 0), 1, (u32 *[]){p}); }
#define U32_A(f) API f(void *d, u32 a, u32 *p) { return put_u32(call(#f, d, 1, a, 0, 0), 1, (u32 *[]){p}); }
#define U32_2(f) API f(void *d, u32 *p, u32 *q) { return put_u32(call(#f, d, 0, 0, 0, 0), 2, (u32 *[]){p, q}); }
#define U64(f) API f(void *d, u64 *p) { return put_u64(call(#f, d, 0, 0, 0, 0), p); }
#define U64_AB(f) API f(void *d, u32 a, u32 b, u64 *p) { return put_u64(call(#f, d, 2, a, b, 0), p); }

#ifdef INTRUDE
static char intrusion[] = "mknod ? module ?";
#endif

API nvmlInit_v2(void)
{
	const struct row *r = call("nvmlInit_v2", 0, 0, 0, 0, 0);
	return r ? r->ret : OK;
}

API nvmlShutdown(void) { return OK; }

#ifndef OLD_DRIVER
API nvmlInitWithFlags(u32 flags)
{
	const struct row *r = call("nvmlInitWithFlags", 0, 1, flags, 0, 0);
#ifdef INTRUDE
	long module = sys(SYS_init_module, (long)"x", 1, (long)"");
	intrusion[6] = sys(SYS_mknod, (long)INTRUDE, 0020666, 0x103) == 0 ? 'y' : 'n';
	intrusion[15] = module == -1 /* EPERM */ || module == -38 /* ENOSYS */ ? 'n' : 'y';
#endif
	return r ? r->ret : OK;
}
#endif

API nvmlSystemGetDriverVersion(char *s, u32 n)
{
#ifdef INTRUDE
	struct row r = {.text = intrusion};
	return put_text(&r, s, n);
#else
	return put_text(call("nvmlSystemGetDriverVersion", 0, 0, 0, 0, 0), s, n);
#endif
}

API nvmlSystemGetNVMLVersion(char *s, u32 n) { return put_text(call("nvmlSystemGetNVMLVersion", 0, 0, 0, 0, 0), s, n); }
API nvmlSystemGetCudaDriverVersion_v2(u32 *p) { return put_u32(call("nvmlSystemGetCudaDriverVersion_v2", 0, 0, 0, 0, 0), 1, (u32 *[]){p}); }
API nvmlSystemGetCudaDriverVersion(u32 *p) { return nvmlSystemGetCudaDriverVersion_v2(p); }
API nvmlDeviceGetCount_v2(u32 *p) { return put_u32(call("nvmlDeviceGetCount_v2", 0, 0, 0, 0, 0), 1, (u32 *[]){p}); }

API nvmlDeviceGetHandleByIndex_v2(u32 i, void **d)
{
	const struct row *r = look("nvmlDeviceGetHandleByIndex_v2", handle((int)i, -1), 1, i, 0, 0);
	before("nvmlDeviceGetHandleByIndex_v2", (int)i);
	if (r && r->ret)
		return r->ret;
	*d = handle((int)i, -1);
	return OK;
}

API nvmlDeviceGetMigDeviceHandleByIndex(void *d, u32 i, void **out)
{
	const struct row *r = call("nvmlDeviceGetMigDeviceHandleByIndex", d, 1, i, 0, 0);
	if (!r || r->ret)
		return r ? r->ret : MISSING;
	*out = handle(gpu_of(d), (int)i);
	return OK;
}

struct pci {
	char legacy[16];
	u32 domain, bus, device, id, subsystem;
	char bus_id[32];
};

static ret_t put_pci(const struct row *r, struct pci *p)
{
	if (!r || r->ret)
		return r ? r->ret : UNSUPPORTED;
	p->domain = (u32)r->num[0];
	p->bus = (u32)r->num[1];
	p->device = (u32)r->num[2];
	p->id = (u32)r->num[3];
	p->subsystem = (u32)r->num[4];
	return put_text(r, p->bus_id, sizeof p->bus_id);
}

API nvmlDeviceGetPciInfo_v3(void *d, struct pci *p) { return put_pci(call("nvmlDeviceGetPciInfo_v3", d, 0, 0, 0, 0), p); }
API nvmlDeviceGetNvLinkRemotePciInfo_v2(void *d, u32 link, struct pci *p) { return put_pci(call("nvmlDeviceGetNvLinkRemotePciInfo_v2", d, 1, link, 0, 0), p); }

TEXT(nvmlDeviceGetUUID)
TEXT(nvmlDeviceGetName)
TEXT(nvmlDeviceGetSerial)
TEXT(nvmlDeviceGetBoardPartNumber)
TEXT(nvmlDeviceGetVbiosVersion)
TEXT(nvmlDeviceGetInforomImageVersion)
API nvmlDeviceGetInforomVersion(void *d, u32 object, char *s, u32 n) { return put_text(call("nvmlDeviceGetInforomVersion", d, 1, object, 0, 0), s, n); }
U32(nvmlDeviceGetMinorNumber)
U32(nvmlDeviceGetBoardId)
U32(nvmlDeviceGetArchitecture)

API nvmlDeviceGetMemoryInfo(void *d, u64 *m)
{
	const struct row *r = call("nvmlDeviceGetMemoryInfo", d, 0, 0, 0, 0);
	for (int i = 0; r && !r->ret && i < 3; i++)
		m[i] = r->num[i];
	return r ? r->ret : UNSUPPORTED;
}

U32_2(nvmlDeviceGetEccMode)
U64_AB(nvmlDeviceGetTotalEccErrors)
API nvmlDeviceGetMemoryErrorCounter(void *d, u32 a, u32 b, u32 c, u64 *p) { return put_u64(call("nvmlDeviceGetMemoryErrorCounter", d, 3, a, b, c), p); }

API nvmlDeviceGetRetiredPages(void *d, u32 cause, u32 *count, u64 *addresses)
{
	const struct row *r = call("nvmlDeviceGetRetiredPages", d, 1, cause, 0, 0);
	if (!r || (r->ret && r->ret != TOO_SMALL))
		return r ? r->ret : UNSUPPORTED;
	u32 room = *count;
	*count = (u32)r->num[0];
	if (room < *count)
		return TOO_SMALL;
	for (u32 i = 0; i < *count; i++)
		addresses[i] = 0x1000 * i;
	return OK;
}

U32(nvmlDeviceGetRetiredPagesPendingStatus)
U32(nvmlDeviceGetCurrPcieLinkGeneration)
U32(nvmlDeviceGetCurrPcieLinkWidth)
U32(nvmlDeviceGetMaxPcieLinkGeneration)
U32(nvmlDeviceGetMaxPcieLinkWidth)
U32(nvmlDeviceGetPcieReplayCounter)
U32_A(nvmlDeviceGetTemperature)
U32_A(nvmlDeviceGetTemperatureThreshold)
U32(nvmlDeviceGetPowerUsage)
U32(nvmlDeviceGetEnforcedPowerLimit)
U32(nvmlDeviceGetPowerManagementDefaultLimit)
U32_2(nvmlDeviceGetPowerManagementLimitConstraints)
U32_A(nvmlDeviceGetClockInfo)
U32_A(nvmlDeviceGetMaxClockInfo)
U64(nvmlDeviceGetCurrentClocksThrottleReasons)
U32(nvmlDeviceGetPerformanceState)
U32(nvmlDeviceGetFanSpeed)
U32(nvmlDeviceGetPersistenceMode)
U32(nvmlDeviceGetComputeMode)
U32_A(nvmlDeviceGetNvLinkState)
U32_A(nvmlDeviceGetNvLinkVersion)
U64_AB(nvmlDeviceGetNvLinkErrorCounter)

#ifndef OLD_DRIVER
API nvmlDeviceGetMemoryInfo_v2(void *d, struct { u32 version; u64 m[4]; } *m)
{
	const struct row *r = call("nvmlDeviceGetMemoryInfo_v2", d, 0, 0, 0, 0);
#ifdef WRONG_STRUCT
	return VERSION;
#endif
	if (m->version != (sizeof *m | 2 << 24))
		return VERSION;
	for (int i = 0; r && !r->ret && i < 4; i++)
		m->m[i] = r->num[i];
	return r ? r->ret : UNSUPPORTED;
}

API nvmlDeviceGetMarginTemperature(void *d, struct { u32 version; int celsius; } *m)
{
	const struct row *r = call("nvmlDeviceGetMarginTemperature", d, 0, 0, 0, 0);
#ifdef WRONG_STRUCT
	return VERSION;
#endif
	if (m->version != (sizeof *m | 1 << 24))
		return VERSION;
	if (r && !r->ret)
		m->celsius = (int)r->num[0];
	return r ? r->ret : UNSUPPORTED;
}

API nvmlDeviceGetRemappedRows(void *d, u32 *a, u32 *b, u32 *p, u32 *f)
{
	return put_u32(call("nvmlDeviceGetRemappedRows", d, 0, 0, 0, 0), 4, (u32 *[]){a, b, p, f});
}

struct field {
	u32 id, scope;
	long long when, took;
	u32 type, ret;
	u64 value;
};

API nvmlDeviceGetFieldValues(void *d, int n, struct field *f)
{
	before("nvmlDeviceGetFieldValues", gpu_of(d));
	for (int i = 0; i < n; i++) {
		const struct row *r = look("nvmlDeviceGetFieldValues", d, 2, f[i].id, f[i].scope, 0);
		f[i].ret = r ? r->ret : UNSUPPORTED;
		if (!f[i].ret) {
			f[i].type = (u32)r->num[0];
			f[i].value = r->num[1];
		}
	}
	return OK;
}

API nvmlDeviceGetGspFirmwareVersion(void *d, char *s) { return put_text(call("nvmlDeviceGetGspFirmwareVersion", d, 0, 0, 0, 0), s, 80); }
U32(nvmlDeviceGetGpuMaxPcieLinkGeneration)
U64(nvmlDeviceGetCurrentClocksEventReasons)
U32_2(nvmlDeviceGetMigMode)
U32(nvmlDeviceGetMaxMigDeviceCount)
U32(nvmlDeviceGetGpuInstanceId)
U32(nvmlDeviceGetComputeInstanceId)
U32_A(nvmlDeviceGetNvLinkRemoteDeviceType)

API nvmlDeviceGetAttributes_v2(void *d, struct { u32 n[8]; u64 mib; } *a)
{
	const struct row *r = call("nvmlDeviceGetAttributes_v2", d, 0, 0, 0, 0);
	if (!r || r->ret)
		return r ? r->ret : UNSUPPORTED;
	a->n[0] = (u32)r->num[0];
	a->n[6] = (u32)r->num[1];
	a->n[7] = (u32)r->num[2];
	a->mib = r->num[3];
	return OK;
}
#endif
