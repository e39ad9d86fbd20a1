package main

import "fmt"

// Max is the most that is sold.
const Max = 3

const (
	Red = iota
	Green
)

var total, count = 1, 2

// Server serves.
type Server struct {
	Addr string
}

type Handler interface {
	Serve(addr string) error
}

type (
	Names map[string]int
	Alias = int
)

// Serve begins.
func (s *Server) Serve(a int) error {
	local := func() {}
	local()
	return nil
}

func (l List[T]) Len() int { return 0 }

func main() {
	fmt.Println("hello")
}
