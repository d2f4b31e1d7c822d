// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SwapExecutor} from "../../../contracts/swap/SwapExecutor.sol";
import {TestToken} from "../../../contracts/mocks/TestToken.sol";
import {Uniswap} from "./Uniswap.sol";

/// @title The executor with real pools around it; the test is owner, operator and provider.
abstract contract Stage is Uniswap {
    using SafeERC20 for IERC20;

    uint160 internal constant EVEN = 2 ** 96;
    uint256 internal constant DEPTH = 1_000_000e18;

    SwapExecutor internal executor;

    function _openStage() internal {
        _deployUniswap();
        address[] memory operators = new address[](1);
        operators[0] = address(this);
        executor = new SwapExecutor(address(this), operators, new address[](0));
    }

    /// A listed plain token of which this contract has plenty.
    function _token(string memory name) internal returns (TestToken token) {
        token = new TestToken(name, name, 18);
        token.mint(address(this), 100 * DEPTH);
        executor.setToken(address(token), true);
    }

    /// A listed pair with even reserves of DEPTH.
    function _listedPair(address tokenA, address tokenB) internal returns (address pair) {
        pair = _openPair(tokenA, tokenB, DEPTH, DEPTH);
        executor.listPair(pairs, tokenA, tokenB, 3_000);
    }

    /// A listed pool at an even price.
    function _listedPool(
        address tokenA,
        address tokenB,
        uint24 fee
    ) internal returns (address pool) {
        pool = _openPool(tokenA, tokenB, fee, EVEN, uint128(2 * DEPTH));
        executor.listPool(pools, tokenA, tokenB, fee);
    }

    function _order(
        address tokenIn,
        address tokenOut,
        uint256 amountIn,
        address[] memory route
    ) internal view returns (SwapExecutor.Swap memory) {
        return SwapExecutor.Swap(tokenIn, tokenOut, amountIn, 1, 0, block.timestamp + 60, route);
    }

    /// Approves exactly the input and swaps.
    function _swap(
        SwapExecutor.Swap memory order
    ) internal returns (uint256 spent, uint256 received) {
        IERC20(order.tokenIn).forceApprove(address(executor), order.amountIn);
        return executor.swap(order);
    }

    function _round(
        address token,
        uint256 amountIn,
        uint256 minProfit,
        address[] memory route
    ) internal view returns (SwapExecutor.Arbitrage memory) {
        return SwapExecutor.Arbitrage(token, amountIn, minProfit, block.timestamp + 60, route);
    }

    function _one(address a) internal pure returns (address[] memory route) {
        route = new address[](1);
        route[0] = a;
    }

    function _two(address a, address b) internal pure returns (address[] memory route) {
        route = new address[](2);
        (route[0], route[1]) = (a, b);
    }

    function _three(
        address a,
        address b,
        address c
    ) internal pure returns (address[] memory route) {
        route = new address[](3);
        (route[0], route[1], route[2]) = (a, b, c);
    }

    function _balance(address token, address holder) internal view returns (uint256) {
        return IERC20(token).balanceOf(holder);
    }
}
