// SPDX-License-Identifier: GPL-2.0
/*
 * labsfp: network adapters with pluggable modules, whose memories are files.
 *
 *   modprobe labsfp modules=/payload/sfp.bin,/payload/qsfp.bin lldp=/payload/frame
 *
 * Each file makes an interface sfpN. An SFP's file is A0h and A2h, 256 bytes
 * each; any other is the lower half, then page after page. Every interface has
 * a carrier but those of the mask "down". With "old=1" the memory is shown by
 * the calls of old drivers. The frame in the file "lldp" arrives on sfp0 each
 * second. "latched" counts reads of bytes that a module clears when they are
 * read.
 */
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/netdevice.h>
#include <linux/etherdevice.h>
#include <linux/ethtool.h>
#include <linux/kernel_read_file.h>
#include <linux/vmalloc.h>

#define MAX_DEV 16
static char *modules[MAX_DEV];
static int count;
module_param_array(modules, charp, &count, 0444);
static char *lldp = "";
module_param(lldp, charp, 0444);
static uint unplugged;
module_param_named(down, unplugged, uint, 0444);
static bool old;
module_param(old, bool, 0444);
static uint latched;
module_param(latched, uint, 0644);

struct lab {
	struct net_device *dev;
	int index;
	u8 *mem;
	size_t len;
};

static struct platform_device *devices[MAX_DEV];
static void *frame;
static size_t frame_len;
static struct delayed_work talk;
static struct net_device *listener;

static bool is_sfp(struct lab *l)
{
	return l->mem[0] == 0x03;
}

static bool overlaps(u32 from, u32 n, u32 first, u32 last)
{
	return from <= last && from + n > first;
}

/* Latched until read: SFF-8472 A2h 112-119, SFF-8636 3-21, CMIS 8-13 and 11h 134-153. */
static bool is_latched(struct lab *l, u32 at, u32 n)
{
	if (is_sfp(l))
		return overlaps(at, n, 256 + 112, 256 + 119);
	if (l->mem[0] == 0x0d || l->mem[0] == 0x11)
		return overlaps(at, n, 3, 21);
	return overlaps(at, n, 8, 13) || overlaps(at, n, 128 * 0x11 + 134, 128 * 0x11 + 153);
}

static int get(struct lab *l, u32 at, u32 n, u8 *to)
{
	if (at + n > l->len)
		return -EINVAL;
	if (is_latched(l, at, n))
		latched++;
	memcpy(to, l->mem + at, n);
	return n;
}

static int by_page(struct net_device *dev, const struct ethtool_module_eeprom *p, struct netlink_ext_ack *extack)
{
	struct lab *l = netdev_priv(dev);
	u32 at = p->offset;

	if (p->bank)
		return -EINVAL;
	if (is_sfp(l))
		at += p->i2c_address == 0x51 ? 256 : 0;
	else
		at += 128 * p->page;
	return get(l, at, p->length, p->data);
}

static int module_info(struct net_device *dev, struct ethtool_modinfo *m)
{
	struct lab *l = netdev_priv(dev);

	m->type = is_sfp(l) ? ETH_MODULE_SFF_8472 : ETH_MODULE_SFF_8636;
	m->eeprom_len = is_sfp(l) ? ETH_MODULE_SFF_8472_LEN : ETH_MODULE_SFF_8636_MAX_LEN;
	return 0;
}

static int module_eeprom(struct net_device *dev, struct ethtool_eeprom *e, u8 *data)
{
	int n = get(netdev_priv(dev), e->offset, e->len, data);

	return n < 0 ? n : 0;
}

static void drvinfo(struct net_device *dev, struct ethtool_drvinfo *i)
{
	strscpy(i->driver, "labsfp", sizeof(i->driver));
	strscpy(i->fw_version, "1.2.3 0x8000abcd", sizeof(i->fw_version));
	strscpy(i->erom_version, "4.5", sizeof(i->erom_version));
	strscpy(i->bus_info, dev_name(dev->dev.parent), sizeof(i->bus_info));
}

static int settings(struct net_device *dev, struct ethtool_link_ksettings *k)
{
	ethtool_link_ksettings_zero_link_mode(k, supported);
	ethtool_link_ksettings_zero_link_mode(k, advertising);
	ethtool_link_ksettings_zero_link_mode(k, lp_advertising);
	ethtool_link_ksettings_add_link_mode(k, supported, FIBRE);
	ethtool_link_ksettings_add_link_mode(k, supported, Autoneg);
	ethtool_link_ksettings_add_link_mode(k, supported, 10000baseSR_Full);
	ethtool_link_ksettings_add_link_mode(k, supported, 25000baseSR_Full);
	ethtool_link_ksettings_add_link_mode(k, advertising, 10000baseSR_Full);
	ethtool_link_ksettings_add_link_mode(k, advertising, 25000baseSR_Full);
	ethtool_link_ksettings_add_link_mode(k, lp_advertising, 10000baseSR_Full);
	k->base.speed = netif_carrier_ok(dev) ? SPEED_10000 : SPEED_UNKNOWN;
	k->base.duplex = netif_carrier_ok(dev) ? DUPLEX_FULL : DUPLEX_UNKNOWN;
	k->base.port = PORT_FIBRE;
	k->base.autoneg = AUTONEG_ENABLE;
	return 0;
}

static int fec(struct net_device *dev, struct ethtool_fecparam *f)
{
	f->active_fec = ETHTOOL_FEC_RS;
	f->fec = ETHTOOL_FEC_RS | ETHTOOL_FEC_BASER;
	return 0;
}

static int ext_state(struct net_device *dev, struct ethtool_link_ext_state_info *i)
{
	if (netif_carrier_ok(dev))
		return -ENODATA;
	i->link_ext_state = ETHTOOL_LINK_EXT_STATE_NO_CABLE;
	return 0;
}

static const struct ethtool_ops ops = {
	.get_drvinfo = drvinfo,
	.get_link = ethtool_op_get_link,
	.get_link_ksettings = settings,
	.get_link_ext_state = ext_state,
	.get_fecparam = fec,
	.get_module_eeprom_by_page = by_page,
};

static const struct ethtool_ops old_ops = {
	.get_drvinfo = drvinfo,
	.get_link = ethtool_op_get_link,
	.get_link_ksettings = settings,
	.get_module_info = module_info,
	.get_module_eeprom = module_eeprom,
};

static int lab_open(struct net_device *dev)
{
	struct lab *l = netdev_priv(dev);

	if (!(unplugged & 1 << l->index))
		netif_carrier_on(dev);
	return 0;
}

static int lab_stop(struct net_device *dev)
{
	netif_carrier_off(dev);
	return 0;
}

static netdev_tx_t lab_xmit(struct sk_buff *skb, struct net_device *dev)
{
	dev->stats.tx_packets++;
	dev_kfree_skb(skb);
	return NETDEV_TX_OK;
}

static const struct net_device_ops netdev_ops = {
	.ndo_open = lab_open,
	.ndo_stop = lab_stop,
	.ndo_start_xmit = lab_xmit,
	.ndo_set_mac_address = eth_mac_addr,
};

static void say(struct work_struct *w)
{
	struct sk_buff *skb;

	if (listener && netif_running(listener)) {
		skb = netdev_alloc_skb(listener, frame_len);
		if (skb) {
			skb_put_data(skb, frame, frame_len);
			skb->protocol = eth_type_trans(skb, listener);
			listener->stats.rx_packets++;
			local_bh_disable();
			netif_rx(skb);
			local_bh_enable();
		}
	}
	schedule_delayed_work(&talk, HZ);
}

static int lab_probe(struct platform_device *p)
{
	struct net_device *dev = alloc_etherdev(sizeof(struct lab));
	u8 mac[ETH_ALEN] = { 0x02, 0x1a, 0xb5, 0xf9, 0, p->id };
	struct lab *l;
	int err;

	if (!dev)
		return -ENOMEM;
	l = netdev_priv(dev);
	l->dev = dev;
	l->index = p->id;
	err = kernel_read_file_from_path(modules[p->id], 0, (void **)&l->mem, INT_MAX, NULL, READING_FIRMWARE);
	if (err < 0)
		goto free;
	l->len = err;
	snprintf(dev->name, IFNAMSIZ, "sfp%d", p->id);
	SET_NETDEV_DEV(dev, &p->dev);
	dev->netdev_ops = &netdev_ops;
	dev->ethtool_ops = old ? &old_ops : &ops;
	eth_hw_addr_set(dev, mac);
	dev->stats.rx_crc_errors = 5 * p->id;
	netif_carrier_off(dev);
	err = register_netdev(dev);
	if (err)
		goto free_mem;
	platform_set_drvdata(p, dev);
	if (p->id == 0)
		listener = dev;
	return 0;
free_mem:
	vfree(l->mem);
free:
	free_netdev(dev);
	return err;
}

static int lab_remove(struct platform_device *p)
{
	struct net_device *dev = platform_get_drvdata(p);
	struct lab *l = netdev_priv(dev);

	unregister_netdev(dev);
	vfree(l->mem);
	free_netdev(dev);
	return 0;
}

static struct platform_driver driver = {
	.probe = lab_probe,
	.remove = lab_remove,
	.driver = { .name = "labsfp" },
};

static int __init lab_init(void)
{
	int i, err;

	if (*lldp) {
		err = kernel_read_file_from_path(lldp, 0, &frame, INT_MAX, NULL, READING_FIRMWARE);
		if (err < 0)
			return err;
		frame_len = err;
	}
	err = platform_driver_register(&driver);
	if (err)
		return err;
	for (i = 0; i < count; i++)
		devices[i] = platform_device_register_simple("labsfp", i, NULL, 0);
	INIT_DELAYED_WORK(&talk, say);
	if (frame)
		schedule_delayed_work(&talk, HZ);
	return 0;
}

static void __exit lab_exit(void)
{
	int i;

	cancel_delayed_work_sync(&talk);
	for (i = 0; i < count; i++)
		if (!IS_ERR_OR_NULL(devices[i]))
			platform_device_unregister(devices[i]);
	platform_driver_unregister(&driver);
	vfree(frame);
}

module_init(lab_init);
module_exit(lab_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("network adapters with modules out of files");
