// A service in another language: it listens on the address in its first argument and says hello.
package main

import (
	"fmt"
	"log"
	"net/http"
	"os"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "hello from Go") })
	log.Fatal(http.ListenAndServe(os.Args[1], nil))
}
