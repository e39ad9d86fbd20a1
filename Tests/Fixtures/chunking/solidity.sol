pragma solidity ^0.8.0;

/// A shop.
contract Shop is Base {
    uint public constant LIMIT = 3;
    event Sold(uint n);
    error Closed();
    struct Book { string title; }
    enum Color { Red, Green }
    modifier onlyOwner() { _; }
    constructor() {}
    function sell(uint n) public returns (uint) { return n; }
}

interface IShop { function sell(uint n) external; }
library Math { function add(uint a) internal {} }
