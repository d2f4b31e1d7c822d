// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.30;

import {WeirdToken} from "./WeirdToken.sol";

/// @title A token that can be stopped altogether, as BNB can.
contract PausableToken is WeirdToken {
    bool private _paused;

    error Paused();

    function setPaused(bool paused) external {
        _paused = paused;
    }

    function _move(address from, address to, uint256 amount) internal override {
        if (_paused) revert Paused();
        super._move(from, to, amount);
    }
}
