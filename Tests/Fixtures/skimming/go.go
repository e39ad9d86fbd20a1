// Package tricky is what a skimmer of Go must not trip over.
package tricky

import "fmt"

type Shape interface {
	Area() float64
	Name() string
}

type Handler func(name string) error

type Server struct {
	handlers map[string]func(int) (int, error)
	name     string
}

var table = map[string]int{
	"one": 1,
	"two": 2,
}

func Empty() interface{} {
	raw := `a raw } string with "quotes" and
another { line`
	return fmt.Sprint(raw, '}', '\'', "}")
}

func Fields() struct{ A, B int } {
	var result struct{ A, B int }
	result.A = len(table) + 1 + 2 + 3
	result.B = len(table) * 4 * 5 * 6
	return result
}

func (s *Server) Serve(names ...string) (count int, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("recovered: %v", r)
		}
	}()
	for _, name := range names {
		switch v := any(name).(type) {
		case string:
			count += len(v)
		default:
			continue
		}
	}
	return count, nil
}

func HoldsAType(n int) int {
	type pair struct {
		a, b int
	}
	p := pair{a: n, b: n * 2}
	fmt.Println("a pair of numbers", p.a, p.b)
	return p.a + p.b
}

func Generic[T any, U interface{ ~int }](in []T, f func(T) U) map[string][]U {
	out := make(map[string][]U)
	for _, t := range in {
		out["all"] = append(out["all"], f(t))
	}
	return out
}

const (
	First = iota
	Second
)

var callback = func(a int) int {
	if a > 100000 {
		return a - 100000
	}
	return a + 100000 + 1 + 2 + 3
}

func Last() {}
