(ns shop.core
  (:require [clojure.string :as str]))

(def limit 3)

;; Sells.
(defn sell
  "Sells a book."
  [book n]
  (let [x 1] (* x n)))

(defn- helper [x] x)
(defmacro twice [x] `(do ~x ~x))
(defprotocol Shape (area [this]))
(defrecord Circle [r] Shape (area [this] 1))
(defmulti speak :kind)
(defmethod speak :dog [_] "woof")
