// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.30;

import {WeirdToken} from "./WeirdToken.sol";

/// @title A token that reverts when nothing is transferred, as LEND did.
contract NoZeroTransfer is WeirdToken {
    error NothingToMove();

    function _move(address from, address to, uint256 amount) internal override {
        if (amount == 0) revert NothingToMove();
        super._move(from, to, amount);
    }
}
