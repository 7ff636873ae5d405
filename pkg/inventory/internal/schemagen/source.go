package schemagen

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"reflect"
	"regexp"
	"strconv"
	"strings"
)

// source is what the Go files say beyond what reflection can see.
type source struct {
	types  map[string]string // comment by type
	fields map[string]string // comment by Type.Field
	values map[string][]any  // constants by type, in source order
}

func readSource(dir string) (*source, error) {
	s := &source{types: map[string]string{}, fields: map[string]string{}, values: map[string][]any{}}
	names, err := fs.Glob(os.DirFS(dir), "*.go")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), dir+"/"+name, nil, parser.ParseComments)
		if err != nil {
			return nil, fmt.Errorf("comments: %w", err)
		}
		for _, d := range f.Decls {
			if gen, ok := d.(*ast.GenDecl); ok {
				s.declaration(gen)
			}
		}
	}
	return s, nil
}

func (s *source) declaration(gen *ast.GenDecl) {
	for _, spec := range gen.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			s.types[spec.Name.Name] = first(spec.Doc.Text(), gen.Doc.Text())
			if st, ok := spec.Type.(*ast.StructType); ok {
				s.structFields(spec.Name.Name, st)
			}
		case *ast.ValueSpec:
			s.constants(gen, spec)
		}
	}
}

func (s *source) structFields(name string, st *ast.StructType) {
	for _, f := range st.Fields.List {
		for _, n := range f.Names {
			s.fields[name+"."+n.Name] = first(f.Doc.Text(), f.Comment.Text())
		}
	}
}

func (s *source) constants(gen *ast.GenDecl, spec *ast.ValueSpec) {
	t, ok := spec.Type.(*ast.Ident)
	if gen.Tok != token.CONST || !ok {
		return
	}
	for _, v := range spec.Values {
		if lit, ok := v.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if text, err := strconv.Unquote(lit.Value); err == nil {
				s.values[t.Name] = append(s.values[t.Name], text)
			}
		}
	}
}

func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

var (
	link   = regexp.MustCompile(`\[([A-Za-z.]+)\]`)
	goWord = regexp.MustCompile(`\b[A-Z][A-Za-z0-9]*\b`)
	// leadIn is how a Go comment begins: "SizeBytes is ...".
	leadIn  = regexp.MustCompile(`^[A-Z][A-Za-z0-9]* (is|are) `)
	nilWord = regexp.MustCompile(`\bnil\b`)
	spaces  = regexp.MustCompile(`\s+`)
)

// text makes one paragraph of a comment and speaks of fields by their JSON
// names.
func (s *source) text(t reflect.Type, comment string) string {
	names := map[string]string{}
	if t.Kind() == reflect.Struct {
		for f := range fields(t) {
			names[f.Name] = jsonName(f)
		}
	}
	comment = link.ReplaceAllString(comment, "$1")
	comment = nilWord.ReplaceAllString(comment, "missing")
	if m := leadIn.FindString(comment); m != "" {
		if rest := comment[len(m):]; rest != "" {
			comment = strings.ToUpper(rest[:1]) + rest[1:]
		}
	}
	comment = goWord.ReplaceAllStringFunc(comment, func(w string) string {
		if n, ok := names[w]; ok {
			return n
		}
		return w
	})
	return strings.TrimSpace(spaces.ReplaceAllString(comment, " "))
}
