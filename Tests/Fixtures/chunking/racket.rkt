#lang racket
(require racket/list)

(define limit 3)

;; Sells.
(define (sell book n)
  (define inner 1)
  (* n inner))

(struct book (title pages))
(define-syntax-rule (twice x) (begin x x))
