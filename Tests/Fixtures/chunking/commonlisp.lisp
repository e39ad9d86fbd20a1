(defpackage :shop (:use :cl))
(in-package :shop)

(defparameter *limit* 3)

;; Sells.
(defun sell (book &optional n)
  "Sells a book."
  (let ((x 1)) (* x n)))

(defmacro twice (x) `(progn ,x ,x))
(defclass book () ((title)))
(defgeneric area (shape))
(defmethod area ((b book)) 1)
