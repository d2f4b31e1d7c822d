// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.30;

import {WeirdToken} from "./WeirdToken.sol";

/// @title A token that refuses to change an approval that is not used up, as USDT does.
contract ApproveRace is WeirdToken {
    error ApprovalInUse();

    function approve(address spender, uint256 amount) public override returns (bool) {
        if (amount != 0 && allowance[msg.sender][spender] != 0) revert ApprovalInUse();
        return super.approve(spender, amount);
    }
}
