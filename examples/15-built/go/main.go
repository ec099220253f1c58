// The smallest server of Go's standard library: replace it with your application.
package main

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"
)

var version = "dev" // set by the Dockerfile

func main() {
	server := &http.Server{Addr: ":3000"}
	http.HandleFunc("/", func(response http.ResponseWriter, request *http.Request) {
		fmt.Fprintln(response, "Hello from Go.")
	})
	stop, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	done := make(chan struct{})
	go func() {
		<-stop.Done()
		_ = server.Shutdown(context.Background()) // requests that have begun are answered
		close(done)
	}()
	log.Printf("version %s is listening on port 3000", version)
	if err := server.ListenAndServe(); err != http.ErrServerClosed {
		log.Fatal(err)
	}
	<-done
}
