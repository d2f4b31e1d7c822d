// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.30;

/// @title A factory that names whatever pool it was given: what an owner must not list.
contract HostileFactory {
    address private immutable _pool;

    constructor(address pool) {
        _pool = pool;
    }

    function getPair(address, address) external view returns (address) {
        return _pool;
    }

    function getPool(address, address, uint24) external view returns (address) {
        return _pool;
    }
}
