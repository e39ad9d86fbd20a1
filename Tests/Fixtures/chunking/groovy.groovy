package a.b

import groovy.json.JsonSlurper

/** A shop. */
class Shop {
    static final int LIMIT = 3
    String name

    Shop(String name) { this.name = name }

    int sell(int n) {
        return n
    }
}

def helper(a) {
    return a
}
