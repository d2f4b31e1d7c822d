// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.30;

import {WeirdToken} from "./WeirdToken.sol";

/// @title A token that is another one after an upgrade: other decimals, and a fee on transfers.
contract Upgradable is WeirdToken {
    bool private _upgraded;

    function upgrade() external {
        _upgraded = true;
    }

    function decimals() public view override returns (uint8) {
        return _upgraded ? 6 : 18;
    }

    function _move(address from, address to, uint256 amount) internal override {
        uint256 fee = _upgraded ? amount / 10 : 0;
        super._move(from, address(this), fee);
        super._move(from, to, amount - fee);
    }
}
