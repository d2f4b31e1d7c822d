// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IUniswapV3Factory} from "@uniswap/v3-core/contracts/interfaces/IUniswapV3Factory.sol";
import {IUniswapV3Pool} from "@uniswap/v3-core/contracts/interfaces/IUniswapV3Pool.sol";
import {IPairFactory} from "../../../contracts/interfaces/IPairFactory.sol";
import {IPair} from "../../../contracts/interfaces/IPair.sol";
import {Vm} from "./Vm.sol";

interface IPairMaker is IPairFactory {
    function createPair(address tokenA, address tokenB) external returns (address);
}

interface IMintingPair is IPair {
    function mint(address to) external returns (uint256);
    function sync() external;
}

interface IRouterV2 {
    function getAmountsOut(
        uint256 amountIn,
        address[] calldata path
    ) external view returns (uint256[] memory);
}

interface IQuoterV3 {
    function quoteExactInput(
        bytes calldata path,
        uint256 amountIn
    ) external returns (uint256, uint160[] memory, uint32[] memory, uint256);
}

/// @title The published Uniswap, V2 and V3, from the artifacts of its packages.
/// @dev Compiling it again would give other pool addresses. The contract itself provides liquidity.
abstract contract Uniswap {
    using SafeERC20 for IERC20;

    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    string private constant PACKAGES = "node_modules/@uniswap/";
    int24 private constant TICK_MAX = 887_272;

    IPairMaker internal pairs;
    IUniswapV3Factory internal pools;
    IRouterV2 internal routerV2;
    IQuoterV3 internal quoterV3;

    function _deployUniswap() internal {
        bytes memory nobody = abi.encode(address(0));
        pairs = IPairMaker(_create("v2-core/build/UniswapV2Factory.json", nobody));
        bytes memory ends = abi.encode(address(pairs), address(0));
        routerV2 = IRouterV2(_create("v2-periphery/build/UniswapV2Router02.json", ends));
        pools = IUniswapV3Factory(
            _create("v3-core/artifacts/contracts/UniswapV3Factory.sol/UniswapV3Factory.json", "")
        );
        pools.enableFeeAmount(100, 1);
        ends = abi.encode(address(pools), address(0));
        quoterV3 = IQuoterV3(
            _create("v3-periphery/artifacts/contracts/lens/QuoterV2.sol/QuoterV2.json", ends)
        );
    }

    /// A pair with the given reserves, of tokens that this contract has.
    function _openPair(
        address tokenA,
        address tokenB,
        uint256 amountA,
        uint256 amountB
    ) internal returns (address pair) {
        pair = pairs.createPair(tokenA, tokenB);
        IERC20(tokenA).safeTransfer(pair, amountA);
        IERC20(tokenB).safeTransfer(pair, amountB);
        IMintingPair(pair).mint(address(this));
    }

    /// A pool at a price with one range over all prices and one around the opening price.
    function _openPool(
        address tokenA,
        address tokenB,
        uint24 fee,
        uint160 price,
        uint128 liquidity
    ) internal returns (address pool) {
        pool = pools.createPool(tokenA, tokenB, fee);
        IUniswapV3Pool(pool).initialize(price);
        int24 spacing = IUniswapV3Pool(pool).tickSpacing();
        (, int24 tick, , , , , ) = IUniswapV3Pool(pool).slot0();
        int24 middle = (tick / spacing) * spacing;
        int24 last = (TICK_MAX / spacing) * spacing;
        bytes memory tokens =
            tokenA < tokenB ? abi.encode(tokenA, tokenB) : abi.encode(tokenB, tokenA);
        IUniswapV3Pool(pool).mint(address(this), -last, last, liquidity / 4, tokens);
        int24 width = 20 * spacing;
        IUniswapV3Pool(pool).mint(
            address(this),
            middle - width,
            middle + width,
            liquidity - liquidity / 4,
            tokens
        );
    }

    function uniswapV3MintCallback(uint256 owed0, uint256 owed1, bytes calldata data) external {
        (address token0, address token1) = abi.decode(data, (address, address));
        if (owed0 > 0) IERC20(token0).safeTransfer(msg.sender, owed0);
        if (owed1 > 0) IERC20(token1).safeTransfer(msg.sender, owed1);
    }

    function _create(string memory path, bytes memory args) private returns (address made) {
        string memory artifact = vm.readFile(string.concat(PACKAGES, path));
        string memory code = vm.parseJsonString(artifact, ".bytecode");
        bool isPrefixed = bytes(code)[1] == "x";
        bytes memory creation = vm.parseBytes(isPrefixed ? code : string.concat("0x", code));
        creation = bytes.concat(creation, args);
        assembly ("memory-safe") {
            made := create(0, add(creation, 32), mload(creation))
        }
        require(made != address(0), "an artifact of Uniswap could not be deployed");
    }
}
