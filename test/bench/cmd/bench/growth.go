package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"example.com/bee/test/bench/growth"
	"example.com/bee/test/bench/page"
)

func growthCommand() *cobra.Command {
	var o options
	c := &cobra.Command{
		Use:   "growth",
		Short: "Measure audits of machines in memory that grow in one dimension",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			var b strings.Builder
			fmt.Fprintf(&b, "In one process, on machines in memory: what the audit itself costs, without any device. %s, %d processors, load %s, commit %s, %s. Made by `bench %s`.\n\n",
				runtime.Version(), runtime.NumCPU(), hostLoad(), commit(c.Context()), time.Now().Format(time.DateOnly), strings.Join(os.Args[1:], " "))
			b.WriteString("| of | how many | found | wall ms | CPU ms | allocated MiB | report KiB | | grows like n^ (CPU, allocated) |\n|---|--:|--:|--:|--:|--:|--:|---|---|\n")
			for _, d := range growth.Dimensions() {
				points, err := d.Measure(c.Context(), o.runs)
				if err != nil {
					return err
				}
				for i, p := range points {
					verdict := ""
					if i == len(points)-1 {
						verdict = fmt.Sprintf("%.2f, %.2f", growth.Exponent(points, func(p growth.Point) float64 { return float64(p.CPU) }),
							growth.Exponent(points, func(p growth.Point) float64 { return float64(p.AllocKiB) }))
					}
					fmt.Fprintf(&b, "| %s | %d | %d | %.2f | %.2f | %.2f | %d | %s | %s |\n", d.Name, p.Size, p.Found, float64(p.Wall.Microseconds())/1000, float64(p.CPU.Microseconds())/1000,
						float64(p.AllocKiB)/1024, p.ReportKiB, p.Statuses, verdict)
				}
			}
			say("%s", b.String())
			if o.page == "" {
				return nil
			}
			return page.Section(o.page, "growth", b.String())
		},
	}
	o.flags(c)
	return c
}
