package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// complete offers fixed words for a flag.
func complete(cmd *cobra.Command, flag string, words func() []string) {
	register(cmd, flag, func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
		return words(), cobra.ShellCompDirectiveNoFileComp
	})
}

// completeList offers words for a flag that takes several, separated by
// commas: what is there already stays and is not offered again.
func completeList(cmd *cobra.Command, flag string, words func() []string) {
	register(cmd, flag, func(_ *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		before := ""
		if i := strings.LastIndexByte(typed, ','); i >= 0 {
			before = typed[:i+1]
		}
		taken := strings.Split(before, ",")
		var list []string
		for _, w := range words() {
			if !slices.Contains(taken, w) {
				list = append(list, before+w)
			}
		}
		return list, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	})
}

func completeDir(cmd *cobra.Command, flags ...string) {
	for _, flag := range flags {
		register(cmd, flag, func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		})
	}
}

func register(cmd *cobra.Command, flag string, f cobra.CompletionFunc) {
	if err := cmd.RegisterFlagCompletionFunc(flag, f); err != nil {
		panic(err) // the flag was defined a few lines above the call
	}
}
