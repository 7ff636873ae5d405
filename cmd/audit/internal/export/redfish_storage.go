package export

import "example.com/bee/pkg/inventory"

// storage is one subsystem that holds everything: the report does not say
// which drives make one up.
func (x redfish) storage(path string) object {
	r := x.r
	o := object{"Id": "1", "Name": "Storage", "Status": object{"State": "Enabled"}}
	drives := make([]object, len(r.Storage))
	for i := range r.Storage {
		drives[i] = x.drive(&r.Storage[i])
	}
	c := collection(path+"/Drives", "Drive", drives...)
	o["Drives"], o["Drives@odata.count"] = c["Members"], len(drives) // an array of links in Redfish, not a collection
	putCollection(o, "Controllers", path+"/Controllers", "StorageController", r.StorageControllers, x.controller)
	putCollection(o, "Volumes", path+"/Volumes", "Volume", r.LogicalDrives, x.volume)
	return o
}

func (x redfish) drive(d *inventory.Drive) object {
	own := inventory.Health("")
	if d.Health != nil {
		own = d.Health.Status
	}
	o := id(object{"Status": x.status(d.ID, nil, own)}, d.Meta, d.Device)
	o.put("Manufacturer", d.Vendor)
	o.put("Model", d.Model)
	o.put("SerialNumber", d.SerialNumber)
	o.put("Revision", d.Firmware)
	o.put("CapacityBytes", d.SizeBytes)
	o.put("BlockSizeBytes", d.LogicalBlockBytes)
	o.put("Protocol", enum(string(d.Protocol), "nvme=NVMe", "sata=SATA", "sas=SAS", "usb=USB"))
	o.put("NegotiatedSpeedGbs", d.LinkSpeedGbps)
	o.put("CapableSpeedGbs", d.MaxLinkSpeedGbps)
	o.put("DriveFormFactor", enum(d.FormFactor, "3.5_inch=Drive3_5", "2.5_inch=Drive2_5", "m.2=M2_2280"))
	if d.RotationRPM != nil {
		if *d.RotationRPM == 0 {
			o["MediaType"] = "SSD"
		} else {
			o["MediaType"], o["RotationSpeedRPM"] = "HDD", *d.RotationRPM
		}
	}
	if d.WWN != "" {
		o["Identifiers"] = []object{{"DurableNameFormat": "NAA", "DurableName": d.WWN}}
	}
	if e := d.Enclosure; e != nil && e.Slot != "" {
		o["PhysicalLocation"] = object{"PartLocation": object{"LocationType": "Bay", "ServiceLabel": e.Slot}}
	}
	if h := d.Health; h != nil {
		if h.PercentageUsed != nil {
			o["PredictedMediaLifeLeftPercent"] = 100 - min(*h.PercentageUsed, 100)
		}
		if h.SelfAssessment != "" {
			o["FailurePredicted"] = h.SelfAssessment == "failed"
		}
	}
	return o
}

func (x redfish) controller(c *inventory.StorageController) object {
	o := id(object{"Status": x.status(c.ID, nil, c.Health)}, c.Meta, c.Model)
	o.put("Manufacturer", c.Vendor)
	o.put("Model", c.Model)
	o.put("SerialNumber", c.SerialNumber)
	o.put("FirmwareVersion", c.Firmware)
	if c.CacheBytes != nil {
		o["CacheSummary"] = object{"TotalCacheSizeMiB": *c.CacheBytes >> 20}
	}
	return o
}

func (x redfish) volume(l *inventory.LogicalDrive) object {
	o := id(object{"Status": x.status(l.ID, nil, l.Health)}, l.Meta, either(l.Name, l.Device))
	o.put("CapacityBytes", l.SizeBytes)
	o.put("RAIDType", enum(l.Level, "raid0=RAID0", "raid1=RAID1", "raid5=RAID5", "raid6=RAID6", "raid10=RAID10", "raid50=RAID50", "raid60=RAID60"))
	o.put("StripSizeBytes", l.StripBytes)
	return o
}
