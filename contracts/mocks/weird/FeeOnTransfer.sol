// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.30;

import {WeirdToken} from "./WeirdToken.sol";

/// @title A token that keeps one hundredth of every transfer, as STA did.
contract FeeOnTransfer is WeirdToken {
    address private constant COLLECTOR = address(0xfee);

    function _move(address from, address to, uint256 amount) internal override {
        uint256 fee = amount / 100;
        super._move(from, COLLECTOR, fee);
        super._move(from, to, amount - fee);
    }
}
