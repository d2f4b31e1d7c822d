// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.30;

/// @title What the executor needs of a pair of Uniswap V2 and its forks.
interface IPair {
    function swap(uint256 out0, uint256 out1, address to, bytes calldata data) external;

    function getReserves()
        external
        view
        returns (uint112 reserve0, uint112 reserve1, uint32 blockTimestampLast);
}
