// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SwapExecutor} from "../../../contracts/swap/SwapExecutor.sol";

/// @title A pool that does its worst, as a pair of V2 and as a pool of V3.
/// @notice It keeps what it gets and does what its mode says; the owner was talked into listing it.
contract HostilePool {
    enum Mode {
        PayNothing,
        AskTooMuch,
        AskForNothing,
        AskTwice,
        NeverAsk,
        AskLater,
        SayTooMuch,
        SayLoss,
        Reenter
    }

    Mode public mode;
    address public tokenOut;
    address private _target;
    bytes private _data;
    bytes public answer;

    function set(Mode mode_, address tokenOut_) external {
        (mode, tokenOut) = (mode_, tokenOut_);
    }

    /// @notice What to call, and whom, in the middle of a swap.
    function reenter(address target, bytes calldata data) external {
        (_target, _data) = (target, data);
    }

    function getReserves() external view returns (uint112, uint112, uint32) {
        return (1, mode == Mode.SayTooMuch ? type(uint112).max : 1, 0);
    }

    /// As a pair: paid before.
    function swap(uint256, uint256, address to, bytes calldata) external {
        _callBackIn();
        if (mode == Mode.AskLater) SwapExecutor(msg.sender).uniswapV3SwapCallback(1, 1, "");
        if (mode == Mode.Reenter) IERC20(tokenOut).transfer(to, 10);
    }

    /// As a pool: paid in the callback.
    function swap(
        address to,
        bool zeroForOne,
        int256 amount,
        uint160,
        bytes calldata
    ) external returns (int256 delta0, int256 delta1) {
        _callBackIn();
        int256 asked = mode == Mode.AskTooMuch ? amount + 1 : amount;
        if (mode == Mode.AskForNothing) asked = -amount;
        if (mode != Mode.NeverAsk) _ask(zeroForOne, asked);
        if (mode == Mode.AskTwice) _ask(zeroForOne, 1);
        if (mode == Mode.Reenter) IERC20(tokenOut).transfer(to, 10);
        int256 said = mode == Mode.SayTooMuch ? int256(1e30) : int256(10);
        if (mode == Mode.SayLoss) said = -1;
        return zeroForOne ? (amount, -said) : (-said, amount);
    }

    function _ask(bool zeroForOne, int256 asked) private {
        (int256 delta0, int256 delta1) = zeroForOne ? (asked, int256(-10)) : (int256(-10), asked);
        if (asked < 0) (delta0, delta1) = (asked, asked);
        SwapExecutor(msg.sender).uniswapV3SwapCallback(delta0, delta1, "");
    }

    function _callBackIn() private {
        if (_target == address(0)) return;
        (, bytes memory said) = _target.call(_data);
        answer = said;
    }
}
