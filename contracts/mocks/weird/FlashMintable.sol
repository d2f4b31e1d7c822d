// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.30;

import {WeirdToken} from "./WeirdToken.sol";

/// @title Who has tokens for the length of a call.
interface IFlashBorrower {
    function onFlashMint(uint256 amount) external;
}

/// @title A token of which anybody has any amount for the length of a call, as of DAI and WETH10.
contract FlashMintable is WeirdToken {
    function flashMint(uint256 amount) external {
        _balances[msg.sender] += amount;
        IFlashBorrower(msg.sender).onFlashMint(amount);
        if (_balances[msg.sender] < amount) revert TooLittle();
        _balances[msg.sender] -= amount;
    }
}
