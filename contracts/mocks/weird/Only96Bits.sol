// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.30;

import {WeirdToken} from "./WeirdToken.sol";

/// @title A token that reverts on approvals and transfers beyond 96 bits, as UNI and COMP do.
contract Only96Bits is WeirdToken {
    error TooLarge();

    function approve(address spender, uint256 amount) public override returns (bool) {
        if (amount > type(uint96).max) revert TooLarge();
        return super.approve(spender, amount);
    }

    function _move(address from, address to, uint256 amount) internal override {
        if (amount > type(uint96).max) revert TooLarge();
        super._move(from, to, amount);
    }
}
