// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IUniswapV3Pool} from "@uniswap/v3-core/contracts/interfaces/IUniswapV3Pool.sol";
import {IPair} from "../../../contracts/interfaces/IPair.sol";

/// @title Who trades with a pool before and after somebody else: no fee to us, no permission asked.
contract Sandwicher {
    uint160 private constant PRICE_MIN = 4295128740;
    uint160 private constant PRICE_MAX = 1461446703485210103287273052203988822378723970341;

    /// @notice Sells an exact amount of its own tokens to a pool of V3, or to a pair of V2.
    function trade(
        address pool,
        bool isV3,
        address tokenIn,
        address tokenOut,
        uint256 amount
    ) external returns (uint256 received) {
        uint256 before = IERC20(tokenOut).balanceOf(address(this));
        bool zeroForOne = tokenIn < tokenOut;
        if (isV3) {
            uint160 limit = zeroForOne ? PRICE_MIN : PRICE_MAX;
            bytes memory data = abi.encode(tokenIn);
            IUniswapV3Pool(pool).swap(address(this), zeroForOne, int256(amount), limit, data);
        } else {
            (uint256 reserveIn, uint256 reserveOut, ) = IPair(pool).getReserves();
            if (!zeroForOne) (reserveIn, reserveOut) = (reserveOut, reserveIn);
            IERC20(tokenIn).transfer(pool, amount);
            uint256 out = (amount * 997 * reserveOut) / (reserveIn * 1000 + amount * 997);
            (uint256 out0, uint256 out1) = zeroForOne ? (uint256(0), out) : (out, uint256(0));
            IPair(pool).swap(out0, out1, address(this), "");
        }
        return IERC20(tokenOut).balanceOf(address(this)) - before;
    }

    function uniswapV3SwapCallback(int256 owed0, int256 owed1, bytes calldata data) external {
        uint256 owed = uint256(owed0 > 0 ? owed0 : owed1);
        IERC20(abi.decode(data, (address))).transfer(msg.sender, owed);
    }
}
