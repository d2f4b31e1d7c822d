// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.30;

import {WeirdToken} from "./WeirdToken.sol";

/// @title A token with a second address for the same balances, as TUSD had.
contract DoubleEntry is WeirdToken {
    SecondEntry public immutable second;

    error NotTheEntry();

    constructor() {
        second = new SecondEntry(this);
    }

    /// @notice Moves for the second address.
    function moveFor(address from, address to, uint256 amount) external {
        if (msg.sender != address(second)) revert NotTheEntry();
        _move(from, to, amount);
    }
}

/// @title The second address of a double-entry token: allowances of its own, balances of the first.
contract SecondEntry is WeirdToken {
    DoubleEntry private immutable _first;

    constructor(DoubleEntry first) {
        _first = first;
    }

    function balanceOf(address owner) public view override returns (uint256) {
        return _first.balanceOf(owner);
    }

    function _move(address from, address to, uint256 amount) internal override {
        _first.moveFor(from, to, amount);
    }
}
