// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.30;

/// @title What the executor needs of a factory of Uniswap V2 and its forks.
interface IPairFactory {
    /// @notice The pair of two tokens in either order; 0 when there is none.
    function getPair(address tokenA, address tokenB) external view returns (address pair);
}
