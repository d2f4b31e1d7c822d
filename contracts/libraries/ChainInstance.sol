// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.30;

/// @title The marker that tells one development chain from another.
/// @notice A restarted development chain has the same chain id, addresses and block numbers as the
/// one before. A credit is keyed by the id kept here, so a transaction of the old chain can never
/// be taken for one of the new.
contract ChainInstance {
    bytes32 public immutable id;

    error EmptyId();

    constructor(bytes32 id_) {
        if (id_ == 0) revert EmptyId();
        id = id_;
    }
}
